package dev.teal.worker.onnx;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Carries tensors into the runtime's memory and out of it; bytes are copied once each way and never seen as Java's strings. */
final class TensorMemory {
    /** The runtime's own alignment; vector instructions read whole lines of cache. */
    private static final int ALIGNMENT = 64;

    private final OrtApi api;
    private final long allocator;
    private final long memoryInfo;

    TensorMemory(OrtApi api, long allocator, long memoryInfo) {
        this.api = api;
        this.allocator = allocator;
        this.memoryInfo = memoryInfo;
    }

    Values values(int given, int made, Arena arena) {
        return new Values(given, made, arena);
    }

    /** The values of one run; closing frees them all. */
    final class Values implements AutoCloseable {
        private final Arena arena;
        private final MemorySegment given;
        private final MemorySegment made;
        private final MemorySegment out;

        private Values(int given, int made, Arena arena) {
            this.arena = arena;
            this.given = arena.allocate(ValueLayout.JAVA_LONG, given + 1L);
            this.made = arena.allocate(ValueLayout.JAVA_LONG, made + 1L);
            this.out = arena.allocate(ValueLayout.JAVA_LONG);
        }

        long given() {
            return given.address();
        }

        long made() {
            return made.address();
        }

        void put(int index, Tensor tensor) throws OnnxFailure {
            long[] shape = tensor.shape();
            MemorySegment dimensions = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, shape.length));
            MemorySegment.copy(shape, 0, dimensions, ValueLayout.JAVA_LONG, 0, shape.length);
            ByteBuffer data =
                    tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).rewind();
            if (tensor.datatype() == Datatype.BYTES) {
                api.check(api.call(
                        OrtApi.CREATE_TENSOR_AS_ORT_VALUE,
                        allocator,
                        dimensions.address(),
                        shape.length,
                        ElementType.numberOf(Datatype.BYTES),
                        slot(given, index)));
                putStrings(given.getAtIndex(ValueLayout.JAVA_LONG, index), data);
            } else {
                MemorySegment memory = arena.allocate(Math.max(1, data.remaining()), ALIGNMENT);
                memory.copyFrom(MemorySegment.ofBuffer(data));
                api.check(api.call(
                        OrtApi.CREATE_TENSOR_WITH_DATA_AS_ORT_VALUE,
                        memoryInfo,
                        memory.address(),
                        data.remaining(),
                        dimensions.address(),
                        shape.length,
                        ElementType.numberOf(tensor.datatype()),
                        slot(given, index)));
            }
        }

        private void putStrings(long value, ByteBuffer data) throws OnnxFailure {
            for (long i = 0; data.hasRemaining(); i++) {
                int length = data.getInt();
                api.check(api.call(OrtApi.GET_RESIZED_STRING_TENSOR_ELEMENT_BUFFER, value, i, length, out.address()));
                MemorySegment.ofAddress(out.get(ValueLayout.JAVA_LONG, 0))
                        .reinterpret(length)
                        .copyFrom(MemorySegment.ofBuffer(data.slice(data.position(), length)));
                data.position(data.position() + length);
            }
        }

        Tensor take(int index, String name) throws OnnxFailure {
            long value = made.getAtIndex(ValueLayout.JAVA_LONG, index);
            out.set(ValueLayout.JAVA_LONG, 0, 0);
            api.check(api.call(OrtApi.IS_TENSOR, value, out.address()));
            if (out.get(ValueLayout.JAVA_INT, 0) == 0) {
                throw new OnnxFailure("output '" + name + "' is not a tensor");
            }
            api.check(api.call(OrtApi.GET_TENSOR_TYPE_AND_SHAPE, value, out.address()));
            long info = out.get(ValueLayout.JAVA_LONG, 0);
            try {
                Datatype datatype = datatype(info, name);
                long[] shape = shape(info);
                long elements = Tensor.elements(shape);
                ByteBuffer data = datatype == Datatype.BYTES
                        ? takeStrings(value, elements)
                        : takeNumbers(value, elements * datatype.elementBytes());
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

        private long[] shape(long info) throws OnnxFailure {
            api.check(api.call(OrtApi.GET_DIMENSIONS_COUNT, info, out.address()));
            int rank = Math.toIntExact(out.get(ValueLayout.JAVA_LONG, 0));
            MemorySegment dimensions = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, rank));
            api.check(api.call(OrtApi.GET_DIMENSIONS, info, dimensions.address(), rank));
            return dimensions
                    .asSlice(0, rank * ValueLayout.JAVA_LONG.byteSize())
                    .toArray(ValueLayout.JAVA_LONG);
        }

        private ByteBuffer takeNumbers(long value, long bytes) throws OnnxFailure {
            ByteBuffer data = ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
            if (bytes > 0) {
                api.check(api.call(OrtApi.GET_TENSOR_MUTABLE_DATA, value, out.address()));
                MemorySegment memory = MemorySegment.ofAddress(out.get(ValueLayout.JAVA_LONG, 0))
                        .reinterpret(bytes);
                MemorySegment.ofBuffer(data).copyFrom(memory);
            }
            return data;
        }

        private ByteBuffer takeStrings(long value, long elements) throws OnnxFailure {
            api.check(api.call(OrtApi.GET_STRING_TENSOR_DATA_LENGTH, value, out.address()));
            long total = out.get(ValueLayout.JAVA_LONG, 0);
            MemorySegment content = arena.allocate(Math.max(1, total));
            MemorySegment offsets = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, elements));
            if (elements > 0) {
                api.check(api.call(
                        OrtApi.GET_STRING_TENSOR_CONTENT,
                        value,
                        content.address(),
                        total,
                        offsets.address(),
                        elements));
            }
            ByteBuffer data =
                    ByteBuffer.allocate(Math.toIntExact(total + 4 * elements)).order(ByteOrder.LITTLE_ENDIAN);
            for (long i = 0; i < elements; i++) {
                long start = offsets.getAtIndex(ValueLayout.JAVA_LONG, i);
                long end = i + 1 < elements ? offsets.getAtIndex(ValueLayout.JAVA_LONG, i + 1) : total;
                data.putInt((int) (end - start))
                        .put(content.asSlice(start, end - start).asByteBuffer());
            }
            return data.flip();
        }

        private static long slot(MemorySegment array, int index) {
            return array.address() + index * ValueLayout.JAVA_LONG.byteSize();
        }

        @Override
        public void close() {
            release(given);
            release(made);
        }

        private void release(MemorySegment values) {
            for (long i = 0; i < values.byteSize() / ValueLayout.JAVA_LONG.byteSize(); i++) {
                long value = values.getAtIndex(ValueLayout.JAVA_LONG, i);
                if (value != 0) {
                    api.call(OrtApi.RELEASE_VALUE, value);
                }
            }
        }
    }
}
