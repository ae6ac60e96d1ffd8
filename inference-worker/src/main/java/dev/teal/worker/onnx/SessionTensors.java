package dev.teal.worker.onnx;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.TensorSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Reads what a session says of its inputs and outputs. */
final class SessionTensors {
    private final OrtApi api;
    private final long allocator;
    private final long session;

    SessionTensors(OrtApi api, long allocator, long session) {
        this.api = api;
        this.allocator = allocator;
        this.session = session;
    }

    List<DeclaredInput> inputs() throws OnnxFailure {
        return read(
                OrtApi.SESSION_GET_INPUT_COUNT,
                OrtApi.SESSION_GET_INPUT_NAME,
                OrtApi.SESSION_GET_INPUT_TYPE_INFO,
                this::declared);
    }

    List<TensorSpec> outputs() throws OnnxFailure {
        return read(
                OrtApi.SESSION_GET_OUTPUT_COUNT,
                OrtApi.SESSION_GET_OUTPUT_NAME,
                OrtApi.SESSION_GET_OUTPUT_TYPE_INFO,
                this::spec);
    }

    private interface Reading<T> {
        T of(String name, long tensor, MemorySegment out, Arena arena) throws OnnxFailure;
    }

    private <T> List<T> read(int countSlot, int nameSlot, int typeSlot, Reading<T> reading) throws OnnxFailure {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            api.check(api.call(countSlot, session, out.address()));
            long count = out.get(ValueLayout.JAVA_LONG, 0);
            List<T> tensors = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                api.check(api.call(nameSlot, session, i, allocator, out.address()));
                long text = out.get(ValueLayout.JAVA_LONG, 0);
                String name = OrtApi.string(text);
                api.call(OrtApi.ALLOCATOR_FREE, allocator, text);
                api.check(api.call(typeSlot, session, i, out.address()));
                long type = out.get(ValueLayout.JAVA_LONG, 0);
                try {
                    tensors.add(reading.of(name, tensor(name, type, out), out, arena));
                } finally {
                    api.call(OrtApi.RELEASE_TYPE_INFO, type);
                }
            }
            return tensors;
        }
    }

    private long tensor(String name, long type, MemorySegment out) throws OnnxFailure {
        api.check(api.call(OrtApi.CAST_TYPE_INFO_TO_TENSOR_INFO, type, out.address()));
        long tensor = out.get(ValueLayout.JAVA_LONG, 0);
        if (tensor == 0) {
            throw new OnnxFailure("'" + name + "' is a sequence or a map; only tensors can be served");
        }
        return tensor;
    }

    private TensorSpec spec(String name, long tensor, MemorySegment out, Arena arena) throws OnnxFailure {
        out.set(ValueLayout.JAVA_LONG, 0, 0);
        api.check(api.call(OrtApi.GET_TENSOR_ELEMENT_TYPE, tensor, out.address()));
        int element = out.get(ValueLayout.JAVA_INT, 0);
        Datatype datatype = ElementType.datatypeOf(element)
                .orElseThrow(
                        () -> new OnnxFailure("'" + name + "' has element type " + element + ", which is not served"));
        return new TensorSpec(name, datatype, shape(tensor, out, arena));
    }

    private DeclaredInput declared(String name, long tensor, MemorySegment out, Arena arena) throws OnnxFailure {
        TensorSpec spec = spec(name, tensor, out, arena);
        int rank = spec.shape().size();
        MemorySegment texts = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, rank));
        api.check(api.call(OrtApi.GET_SYMBOLIC_DIMENSIONS, tensor, texts.address(), rank));
        List<String> names = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            names.add(OrtApi.string(texts.getAtIndex(ValueLayout.JAVA_LONG, i)));
        }
        return new DeclaredInput(spec, names);
    }

    private List<Long> shape(long tensor, MemorySegment out, Arena arena) throws OnnxFailure {
        api.check(api.call(OrtApi.GET_DIMENSIONS_COUNT, tensor, out.address()));
        long rank = out.get(ValueLayout.JAVA_LONG, 0);
        MemorySegment dimensions = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, rank));
        api.check(api.call(OrtApi.GET_DIMENSIONS, tensor, dimensions.address(), rank));
        List<Long> shape = new ArrayList<>();
        for (long i = 0; i < rank; i++) {
            shape.add(Math.max(-1, dimensions.getAtIndex(ValueLayout.JAVA_LONG, i)));
        }
        return shape;
    }
}
