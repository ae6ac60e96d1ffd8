package dev.teal.worker.onnx;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongPredicate;

/** Looks at a value that the runtime made. Numbers are seen where they lie; strings, which are objects there, are copied. */
final class OutputReader {
    private static final int MAX_RANK = 64;

    private final OrtApi api;
    private final Strings strings;
    private final MemorySegment out;
    private final MemorySegment dimensions;

    OutputReader(OrtApi api, Strings strings, Arena arena) {
        this.api = api;
        this.strings = strings;
        this.out = arena.allocate(ValueLayout.JAVA_LONG);
        this.dimensions = arena.allocate(ValueLayout.JAVA_LONG, MAX_RANK);
    }

    /** @param borrowed whether an address is in memory that will be used again soon, so that what is there must be copied */
    Tensor read(long value, String name, LongPredicate borrowed) throws OnnxFailure {
        out.set(ValueLayout.JAVA_LONG, 0, 0);
        api.check(api.call(OrtApi.IS_TENSOR, value, out.address()));
        if (out.get(ValueLayout.JAVA_INT, 0) == 0) {
            throw new OnnxFailure("output '" + name + "' is not a tensor");
        }
        api.check(api.call(OrtApi.GET_TENSOR_TYPE_AND_SHAPE, value, out.address()));
        long info = out.get(ValueLayout.JAVA_LONG, 0);
        try {
            Datatype datatype = datatype(info, name);
            long[] shape = shape(info, name);
            long elements = Tensor.elements(shape);
            ByteBuffer data = datatype == Datatype.BYTES
                    ? strings.take(value, elements)
                    : numbers(value, name, elements * datatype.elementBytes(), borrowed);
            return new Tensor(name, datatype, shape, data);
        } finally {
            api.call(OrtApi.RELEASE_TENSOR_TYPE_AND_SHAPE_INFO, info);
        }
    }

    private Datatype datatype(long info, String name) throws OnnxFailure {
        out.set(ValueLayout.JAVA_LONG, 0, 0);
        api.check(api.call(OrtApi.GET_TENSOR_ELEMENT_TYPE, info, out.address()));
        int element = out.get(ValueLayout.JAVA_INT, 0);
        return ElementType.datatypeOf(element)
                .orElseThrow(() -> new OnnxFailure("output '" + name + "' has element type " + element));
    }

    private long[] shape(long info, String name) throws OnnxFailure {
        api.check(api.call(OrtApi.GET_DIMENSIONS_COUNT, info, out.address()));
        long rank = out.get(ValueLayout.JAVA_LONG, 0);
        if (rank > MAX_RANK) {
            throw new OnnxFailure("output '" + name + "' has " + rank + " dimensions, more than " + MAX_RANK);
        }
        api.check(api.call(OrtApi.GET_DIMENSIONS, info, dimensions.address(), rank));
        long[] shape = new long[(int) rank];
        MemorySegment.copy(dimensions, ValueLayout.JAVA_LONG, 0, shape, 0, shape.length);
        return shape;
    }

    private ByteBuffer numbers(long value, String name, long bytes, LongPredicate borrowed) throws OnnxFailure {
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new OnnxFailure("output '" + name + "' has " + bytes + " bytes, more than can be answered");
        }
        if (bytes == 0) {
            return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
        }
        api.check(api.call(OrtApi.GET_TENSOR_MUTABLE_DATA, value, out.address()));
        long address = out.get(ValueLayout.JAVA_LONG, 0);
        ByteBuffer data = MemorySegment.ofAddress(address)
                .reinterpret(bytes)
                .asByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN);
        if (borrowed.test(address)) {
            return ByteBuffer.allocate((int) bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put(data)
                    .flip();
        }
        return data;
    }
}
