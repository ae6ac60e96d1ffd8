package dev.teal.worker.run;

import dev.teal.protocol.oip.TensorAllocator;
import java.nio.ByteBuffer;

/** Memory for one request's tensors: as much as its body may have. A number of two characters may become eight bytes. */
final class BoundedMemory implements TensorAllocator {
    private final TensorAllocator memory;
    private final long limitBytes;
    private long bytes;

    /** @param limitBytes of the body; the length that a raw element gets in front of it is not the client's */
    BoundedMemory(TensorAllocator memory, long limitBytes) {
        this.memory = memory;
        this.limitBytes = limitBytes;
        this.bytes = -Integer.BYTES;
    }

    @Override
    public ByteBuffer allocate(int wanted) {
        bytes += wanted;
        if (bytes > limitBytes) {
            throw new BodyTooLarge(limitBytes);
        }
        return memory.allocate(wanted);
    }
}
