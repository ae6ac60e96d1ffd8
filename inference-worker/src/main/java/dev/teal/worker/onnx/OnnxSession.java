package dev.teal.worker.onnx;

import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorSpec;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A loaded model. Runs may be at once, each with a {@link Runner} of its own; {@link #close} takes effect when the last has ended and its
 * outputs are given back, as the runtime would crash on a session freed under a run.
 */
public final class OnnxSession implements AutoCloseable {
    private final OrtApi api;
    private final long allocator;
    private final long memoryInfo;
    private final long session;
    private final List<DeclaredInput> declared;
    private final List<TensorSpec> inputs;
    private final List<TensorSpec> outputs;
    private final Arena names = Arena.ofShared();
    private final Map<String, Long> inputNames = new HashMap<>();
    private final Map<String, Long> outputNames = new HashMap<>();
    private int uses;
    private boolean closed;

    private OnnxSession(
            OrtApi api,
            long allocator,
            long memoryInfo,
            long session,
            List<DeclaredInput> declared,
            List<TensorSpec> outputs) {
        this.api = api;
        this.allocator = allocator;
        this.memoryInfo = memoryInfo;
        this.session = session;
        this.declared = declared;
        this.inputs = declared.stream().map(DeclaredInput::spec).toList();
        this.outputs = outputs;
        inputs.forEach(input ->
                inputNames.put(input.name(), names.allocateFrom(input.name()).address()));
        outputs.forEach(output ->
                outputNames.put(output.name(), names.allocateFrom(output.name()).address()));
    }

    static OnnxSession of(OrtApi api, long allocator, long memoryInfo, long session) throws OnnxFailure {
        try {
            SessionTensors tensors = new SessionTensors(api, allocator, session);
            return new OnnxSession(api, allocator, memoryInfo, session, tensors.inputs(), tensors.outputs());
        } catch (OnnxFailure e) {
            api.call(OrtApi.RELEASE_SESSION, session);
            throw e;
        }
    }

    public List<TensorSpec> inputs() {
        return inputs;
    }

    /** The same as {@link #inputs}, with what else the file says of their shapes. */
    public List<DeclaredInput> declaredInputs() {
        return declared;
    }

    public List<TensorSpec> outputs() {
        return outputs;
    }

    /** For the calling thread, which alone may use and close it. */
    public Runner runner() throws OnnxFailure {
        return new Runner(this);
    }

    /** One run without a runner kept for it. @return the outputs in the order wanted, in Java's memory */
    public List<Tensor> run(List<Tensor> given, List<String> wanted, RunControl control) throws OnnxFailure {
        try (Runner runner = runner();
                Outputs made = runner.run(given, wanted, control, _ -> false)) {
            return made.copies();
        }
    }

    OrtApi api() {
        return api;
    }

    long allocator() {
        return allocator;
    }

    long memoryInfo() {
        return memoryInfo;
    }

    long address() {
        return session;
    }

    long inputName(String name) {
        return address(inputNames, name);
    }

    long outputName(String name) {
        return address(outputNames, name);
    }

    private static long address(Map<String, Long> known, String name) {
        Long address = known.get(name);
        if (address == null) {
            throw new IllegalArgumentException("the model has no tensor '" + name + "'");
        }
        return address;
    }

    synchronized void enter() throws OnnxFailure {
        if (closed) {
            throw new OnnxFailure("the model has been unloaded");
        }
        uses++;
    }

    synchronized void exit() {
        uses--;
        freeIfUnused();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            freeIfUnused();
        }
    }

    private void freeIfUnused() {
        if (closed && uses == 0) {
            api.call(OrtApi.RELEASE_SESSION, session);
            names.close();
        }
    }
}
