package dev.teal.gateway.answer;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that all workers' answers together may hold in this process, from when they are announced until their callers have taken the last of
 * them. Large answers have three quarters of it: who takes such an answer slowly leaves room for the small ones of others.
 */
public final class AnswerMemory {
    /** An answer of more bytes is a large one. */
    public static final int SMALL_BYTES = 64 * 1024;

    private final long limitBytes;
    private final AtomicLong held = new AtomicLong();

    public AnswerMemory(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** What one answer may hold at most: half, so that no caller alone keeps all large answers from others. */
    public long mostOfOneBytes() {
        return limitBytes / 2;
    }

    /** Whether there is not even room for a small answer. */
    public boolean isFull() {
        return held.get() + SMALL_BYTES > limitBytes;
    }

    public long heldBytes() {
        return held.get();
    }

    /** For one request's answer; nothing is taken yet. */
    public Hold hold() {
        return new Hold();
    }

    private boolean take(long bytes, long mostBytes) {
        if (held.addAndGet(bytes) <= mostBytes) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    /** What one request's answer holds. It is given back once, when the request is over, however it ends; whoever comes later gets nothing. */
    public final class Hold implements AutoCloseable {
        private long bytes;
        private boolean closed;

        private Hold() {}

        /** @return false, and nothing is taken, when that would be over the limit, or the request is over */
        public synchronized boolean take(long more) {
            boolean large = bytes + more > SMALL_BYTES;
            if (closed || !AnswerMemory.this.take(more, large ? limitBytes / 4 * 3 : limitBytes)) {
                return false;
            }
            bytes += more;
            return true;
        }

        @Override
        public synchronized void close() {
            closed = true;
            held.addAndGet(-bytes);
            bytes = 0;
        }
    }
}
