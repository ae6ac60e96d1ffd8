package dev.teal.worker.bytes;

import dev.teal.worker.run.BodyTooLarge;
import java.util.concurrent.Semaphore;

/**
 * Room in Java's heap for what must be there whole while it is read, as a large JSON: run threads wait for each other's, so that together
 * they take no more than there is. Who waits holds none, so none waits for ever.
 */
public final class HeapRoom {
    /** Less is not counted: a run thread keeps as much anyway. */
    private static final int COUNTED_BYTES = 4 << 20;

    private static final int UNIT_BYTES = 1 << 10;

    private final int units;
    private final Semaphore free;

    HeapRoom(long bytes) {
        this.units = Math.toIntExact(Math.min(Integer.MAX_VALUE, bytes / UNIT_BYTES));
        this.free = new Semaphore(units, true);
    }

    /** Ten times the body that an endpoint allows by default, in the heap that workers have. */
    public static HeapRoom ofProcess() {
        return new HeapRoom(Runtime.getRuntime().maxMemory() / 8 * 5);
    }

    /** Room that is taken. */
    @FunctionalInterface
    public interface Taken extends AutoCloseable {
        @Override
        void close();
    }

    /** @throws BodyTooLarge if there never is so much */
    public Taken take(int bytes) {
        if (bytes <= COUNTED_BYTES) {
            return () -> {};
        }
        int wanted = bytes / UNIT_BYTES + 1;
        if (wanted > units) {
            throw BodyTooLarge.asJson((long) units * UNIT_BYTES);
        }
        free.acquireUninterruptibly(wanted);
        return () -> free.release(wanted);
    }
}
