package dev.teal.gateway.admission;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that all request bodies together may hold in this process. */
public final class BodyMemory {
    private final long limitBytes;
    private final AtomicLong held = new AtomicLong();

    public BodyMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** @return false, and nothing is taken, when that would be over the limit */
    public boolean take(long bytes) {
        if (held.addAndGet(bytes) <= limitBytes) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    public long limitBytes() {
        return limitBytes;
    }

    public void give(long bytes) {
        held.addAndGet(-bytes);
    }

    public long heldBytes() {
        return held.get();
    }
}
