package dev.teal.worker.onnx;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Runs a session's model on one thread, which alone may use it: the arrays that pass names and values, and the options, are made once.
 * Inputs in aligned native memory are used where they lie; others are copied there first.
 */
public final class Runner implements AutoCloseable {
    private static final int MAX_RANK = 64;

    private final OnnxSession session;
    private final OrtApi api;
    private final Strings strings;
    private final OutputReader reader;
    private final Arena arena = Arena.ofConfined();
    private final NativeMemory own = new NativeMemory();
    private final MemorySegment givenNames;
    private final MemorySegment given;
    private final MemorySegment madeNames;
    private final MemorySegment made;
    private final MemorySegment dimensions = arena.allocate(ValueLayout.JAVA_LONG, MAX_RANK);
    private final long options;

    Runner(OnnxSession session) throws OnnxFailure {
        this.session = session;
        this.api = session.api();
        this.strings = new Strings(api, arena);
        this.reader = new OutputReader(api, strings, arena);
        int inputs = Math.max(1, session.inputs().size());
        int outputs = Math.max(1, session.outputs().size());
        this.givenNames = arena.allocate(ValueLayout.JAVA_LONG, inputs);
        this.given = arena.allocate(ValueLayout.JAVA_LONG, inputs);
        this.madeNames = arena.allocate(ValueLayout.JAVA_LONG, outputs);
        this.made = arena.allocate(ValueLayout.JAVA_LONG, outputs);
        MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
        api.check(api.call(OrtApi.CREATE_RUN_OPTIONS, out.address()));
        this.options = out.get(ValueLayout.JAVA_LONG, 0);
    }

    /**
     * Runs the model on the calling thread.
     *
     * @param inputs one tensor of each input, in any order; names and datatypes must be right, shapes are the runtime's to check
     * @param wanted names of outputs
     * @param borrowed whether an address is in memory that will be used again soon: a model may answer with its very input, which is copied then
     * @return the outputs in the order wanted
     */
    public Outputs run(List<Tensor> inputs, List<String> wanted, RunControl control, LongPredicate borrowed)
            throws OnnxFailure {
        session.enter();
        boolean kept = false;
        int values = 0;
        try {
            for (; values < inputs.size(); values++) {
                put(values, inputs.get(values));
            }
            compute(inputs.size(), wanted, control);
            Outputs outputs = take(wanted, borrowed);
            kept = true;
            return outputs;
        } finally {
            for (int i = 0; i < values; i++) {
                api.call(OrtApi.RELEASE_VALUE, given.getAtIndex(ValueLayout.JAVA_LONG, i));
            }
            own.reset();
            if (!kept) {
                session.exit();
            }
        }
    }

    private void put(int index, Tensor tensor) throws OnnxFailure {
        givenNames.setAtIndex(ValueLayout.JAVA_LONG, index, session.inputName(tensor.name()));
        long[] shape = tensor.shape();
        if (shape.length > MAX_RANK) {
            throw new OnnxFailure("'" + tensor.name() + "' has more than " + MAX_RANK + " dimensions");
        }
        MemorySegment.copy(shape, 0, dimensions, ValueLayout.JAVA_LONG, 0, shape.length);
        long slot = given.address() + index * ValueLayout.JAVA_LONG.byteSize();
        if (tensor.datatype() == Datatype.BYTES) {
            api.check(api.call(
                    OrtApi.CREATE_TENSOR_AS_ORT_VALUE,
                    session.allocator(),
                    dimensions.address(),
                    shape.length,
                    ElementType.numberOf(Datatype.BYTES),
                    slot));
            long value = given.getAtIndex(ValueLayout.JAVA_LONG, index);
            try {
                strings.put(value, tensor.data());
            } catch (OnnxFailure | RuntimeException e) {
                api.call(OrtApi.RELEASE_VALUE, value);
                throw e;
            }
        } else {
            api.check(api.call(
                    OrtApi.CREATE_TENSOR_WITH_DATA_AS_ORT_VALUE,
                    session.memoryInfo(),
                    address(tensor.data()),
                    tensor.data().remaining(),
                    dimensions.address(),
                    shape.length,
                    ElementType.numberOf(tensor.datatype()),
                    slot));
        }
    }

    /** Of the elements themselves, or of a copy that the runtime can read as it likes. */
    private long address(ByteBuffer data) {
        if (data.isDirect()) {
            long address = MemorySegment.ofBuffer(data).address();
            if (address % NativeMemory.ALIGNMENT == 0) {
                return address;
            }
        }
        ByteBuffer aligned = own.allocate(Math.max(1, data.remaining()));
        aligned.put(data.duplicate());
        return MemorySegment.ofBuffer(aligned.flip()).address();
    }

    private void compute(int inputs, List<String> wanted, RunControl control) throws OnnxFailure {
        for (int i = 0; i < wanted.size(); i++) {
            madeNames.setAtIndex(ValueLayout.JAVA_LONG, i, session.outputName(wanted.get(i)));
            made.setAtIndex(ValueLayout.JAVA_LONG, i, 0);
        }
        control.begin(api, options);
        try {
            api.check(api.call(
                    OrtApi.RUN,
                    session.address(),
                    options,
                    givenNames.address(),
                    given.address(),
                    inputs,
                    madeNames.address(),
                    wanted.size(),
                    made.address()));
        } catch (OnnxFailure e) {
            releaseMade(wanted.size());
            throw e;
        } finally {
            control.end(api);
        }
    }

    private Outputs take(List<String> wanted, LongPredicate borrowed) throws OnnxFailure {
        long[] values = new long[wanted.size()];
        List<Tensor> tensors = new ArrayList<>(values.length);
        try {
            for (int i = 0; i < values.length; i++) {
                values[i] = made.getAtIndex(ValueLayout.JAVA_LONG, i);
                tensors.add(
                        reader.read(values[i], wanted.get(i), address -> borrowed.test(address) || own.holds(address)));
            }
        } catch (OnnxFailure | RuntimeException e) {
            releaseMade(values.length);
            throw e;
        }
        return new Outputs(tensors, () -> {
            for (long value : values) {
                api.call(OrtApi.RELEASE_VALUE, value);
            }
            session.exit();
        });
    }

    private void releaseMade(int count) {
        for (int i = 0; i < count; i++) {
            long value = made.getAtIndex(ValueLayout.JAVA_LONG, i);
            if (value != 0) {
                api.call(OrtApi.RELEASE_VALUE, value);
            }
        }
    }

    @Override
    public void close() {
        api.call(OrtApi.RELEASE_RUN_OPTIONS, options);
        own.close();
        arena.close();
    }
}
