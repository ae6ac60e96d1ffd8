package dev.teal.worker.onnx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Carries the elements of BYTES tensors into the runtime's strings and out of them, byte by byte as they are. */
final class Strings {
    private final OrtApi api;
    private final MemorySegment out;

    Strings(OrtApi api, Arena arena) {
        this.api = api;
        this.out = arena.allocate(ValueLayout.JAVA_LONG);
    }

    /** @param elements each a length of 4 bytes and so many bytes */
    void put(long value, ByteBuffer elements) throws OnnxFailure {
        ByteBuffer data = elements.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        for (long i = 0; data.hasRemaining(); i++) {
            int length = data.getInt();
            api.check(api.call(OrtApi.GET_RESIZED_STRING_TENSOR_ELEMENT_BUFFER, value, i, length, out.address()));
            MemorySegment.ofAddress(out.get(ValueLayout.JAVA_LONG, 0))
                    .reinterpret(length)
                    .copyFrom(MemorySegment.ofBuffer(data.slice(data.position(), length)));
            data.position(data.position() + length);
        }
    }

    ByteBuffer take(long value, long elements) throws OnnxFailure {
        try (Arena arena = Arena.ofConfined()) {
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
    }
}
