package dev.teal.protocol.oip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Where the elements of tensors that are read go. */
@FunctionalInterface
public interface TensorAllocator {
    TensorAllocator HEAP = bytes -> ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);

    /** @return little-endian, position 0, limit {@code bytes}, of any content */
    ByteBuffer allocate(int bytes);
}
