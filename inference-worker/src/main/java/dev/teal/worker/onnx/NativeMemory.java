package dev.teal.worker.onnx;

import dev.teal.protocol.oip.TensorAllocator;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory that one run thread reads requests into, aligned for vector instructions. What is allocated stays until {@link #reset}; the blocks
 * are kept and used again, up to a limit. Not to be shared between threads.
 */
public final class NativeMemory implements TensorAllocator, AutoCloseable {
    /** The runtime's own alignment; vector instructions read whole lines of cache. */
    static final int ALIGNMENT = 64;

    private static final int FIRST_BLOCK_BYTES = 64 << 10;
    private static final int LARGE_BYTES = 1 << 20;

    /** A batch of images or a long text fits; what one monstrous request took goes back to the system. */
    private static final long KEPT_BYTES = 64L << 20;

    private final List<Block> blocks = new ArrayList<>();
    private int current;
    private int used;
    private long keptBytes;

    private static final class Block {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment memory;
        private final ByteBuffer buffer;

        Block(int bytes) {
            memory = arena.allocate(bytes, ALIGNMENT);
            buffer = memory.asByteBuffer();
        }

        int bytes() {
            return buffer.capacity();
        }
    }

    @Override
    public ByteBuffer allocate(int bytes) {
        while (current < blocks.size() && blocks.get(current).bytes() - used < bytes) {
            current++;
            used = 0;
        }
        if (current == blocks.size()) {
            blocks.add(new Block(blockBytes(bytes)));
            keptBytes += blocks.getLast().bytes();
        }
        ByteBuffer slice = blocks.get(current).buffer.slice(used, bytes).order(ByteOrder.LITTLE_ENDIAN);
        // Aligned up for the next; what is beyond the block's end makes the next block begin
        used = (int) Math.min(Integer.MAX_VALUE, (used + (long) bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        return slice;
    }

    private static int blockBytes(int wanted) {
        if (wanted >= LARGE_BYTES) {
            return wanted;
        }
        return Math.max(FIRST_BLOCK_BYTES, Integer.highestOneBit(Math.max(1, wanted)) << 2);
    }

    /** Whether an address lies in what has been allocated here: a model may answer with its very input. */
    public boolean holds(long address) {
        for (Block block : blocks) {
            long start = block.memory.address();
            if (address >= start && address < start + block.bytes()) {
                return true;
            }
        }
        return false;
    }

    /** Everything allocated so far is free again. */
    public void reset() {
        current = 0;
        used = 0;
        while (keptBytes > KEPT_BYTES) {
            keptBytes -= blocks.getLast().bytes();
            blocks.removeLast().arena.close();
        }
    }

    @Override
    public void close() {
        blocks.forEach(block -> block.arena.close());
        blocks.clear();
    }
}
