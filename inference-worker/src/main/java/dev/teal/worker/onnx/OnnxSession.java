package dev.teal.worker.onnx;

import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A loaded model. Runs may be at once; {@link #close} takes effect when the last has ended, as the runtime would crash on a session freed
 * under a run.
 */
public final class OnnxSession implements AutoCloseable {
    private final OrtApi api;
    private final TensorMemory memory;
    private final long session;
    private final List<TensorSpec> inputs;
    private final List<TensorSpec> outputs;
    private final Arena names = Arena.ofShared();
    private final Map<String, Long> inputNames = new HashMap<>();
    private final Map<String, Long> outputNames = new HashMap<>();
    private int runs;
    private boolean closed;

    private OnnxSession(
            OrtApi api, TensorMemory memory, long session, List<TensorSpec> inputs, List<TensorSpec> outputs) {
        this.api = api;
        this.memory = memory;
        this.session = session;
        this.inputs = inputs;
        this.outputs = outputs;
        inputs.forEach(input ->
                inputNames.put(input.name(), names.allocateFrom(input.name()).address()));
        outputs.forEach(output ->
                outputNames.put(output.name(), names.allocateFrom(output.name()).address()));
    }

    static OnnxSession of(OrtApi api, long allocator, long memoryInfo, long session) throws OnnxFailure {
        try {
            SessionTensors tensors = new SessionTensors(api, allocator, session);
            return new OnnxSession(
                    api, new TensorMemory(api, allocator, memoryInfo), session, tensors.inputs(), tensors.outputs());
        } catch (OnnxFailure e) {
            api.call(OrtApi.RELEASE_SESSION, session);
            throw e;
        }
    }

    public List<TensorSpec> inputs() {
        return inputs;
    }

    public List<TensorSpec> outputs() {
        return outputs;
    }

    /**
     * Runs the model on the calling thread.
     *
     * @param given one tensor of each input, in any order; names and datatypes must be right, shapes are the runtime's to check
     * @param wanted names of outputs
     * @return the outputs in the order wanted, in memory of their own
     */
    public List<Tensor> run(List<Tensor> given, List<String> wanted, RunControl control) throws OnnxFailure {
        enter();
        try (Arena arena = Arena.ofConfined();
                TensorMemory.Values values = memory.values(given.size(), wanted.size(), arena)) {
            MemorySegment givenNames = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, given.size()));
            MemorySegment wantedNames = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, wanted.size()));
            for (int i = 0; i < given.size(); i++) {
                values.put(i, given.get(i));
                givenNames.setAtIndex(
                        ValueLayout.JAVA_LONG,
                        i,
                        address(inputNames, given.get(i).name()));
            }
            for (int i = 0; i < wanted.size(); i++) {
                wantedNames.setAtIndex(ValueLayout.JAVA_LONG, i, address(outputNames, wanted.get(i)));
            }
            long options = control.begin(api, arena);
            try {
                api.check(api.call(
                        OrtApi.RUN,
                        session,
                        options,
                        givenNames.address(),
                        values.given(),
                        given.size(),
                        wantedNames.address(),
                        wanted.size(),
                        values.made()));
            } finally {
                control.end(api);
            }
            List<Tensor> made = new ArrayList<>(wanted.size());
            for (int i = 0; i < wanted.size(); i++) {
                made.add(values.take(i, wanted.get(i)));
            }
            return made;
        } finally {
            exit();
        }
    }

    private static long address(Map<String, Long> known, String name) {
        Long address = known.get(name);
        if (address == null) {
            throw new IllegalArgumentException("the model has no tensor '" + name + "'");
        }
        return address;
    }

    private synchronized void enter() throws OnnxFailure {
        if (closed) {
            throw new OnnxFailure("the model has been unloaded");
        }
        runs++;
    }

    private synchronized void exit() {
        runs--;
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
        if (closed && runs == 0) {
            api.call(OrtApi.RELEASE_SESSION, session);
            names.close();
        }
    }
}
