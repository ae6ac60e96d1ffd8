package dev.teal.protocol.oip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory of the heap, and how much of it was asked for. */
public final class CountingAllocator implements TensorAllocator {
    private long bytes;

    @Override
    public ByteBuffer allocate(int wanted) {
        bytes += wanted;
        return ByteBuffer.allocate(wanted).order(ByteOrder.LITTLE_ENDIAN);
    }

    public long bytes() {
        return bytes;
    }
}
