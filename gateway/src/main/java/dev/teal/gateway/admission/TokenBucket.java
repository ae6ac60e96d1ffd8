package dev.teal.gateway.admission;

import dev.teal.protocol.cell.Rate;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Tokens that come back at a rate, up to a burst. All of it is one number: the instant at which the bucket is full again. */
final class TokenBucket {
    private final AtomicLong fullAtNanos;

    /** @param nowNanos monotonic, as all instants here; the bucket is full */
    TokenBucket(long nowNanos) {
        this.fullAtNanos = new AtomicLong(nowNanos);
    }

    /** Takes a token. @return 0; or, where there is none and nothing is taken, the nanoseconds until there is one */
    long take(Rate rate, long nowNanos) {
        long each = nanosEach(rate);
        while (true) {
            long full = fullAtNanos.get();
            long wait = waitNanos(rate, full, nowNanos);
            if (wait > 0) {
                return wait;
            }
            if (fullAtNanos.compareAndSet(full, Math.max(full - nowNanos, 0) + nowNanos + each)) {
                return 0;
            }
        }
    }

    /** What {@link #take} would give. */
    long look(Rate rate, long nowNanos) {
        return Math.max(0, waitNanos(rate, fullAtNanos.get(), nowNanos));
    }

    boolean isFull(long nowNanos) {
        return fullAtNanos.get() - nowNanos <= 0;
    }

    private static long waitNanos(Rate rate, long full, long nowNanos) {
        return Math.max(full - nowNanos, 0) - nanosEach(rate) * (rate.burst() - 1L);
    }

    private static long nanosEach(Rate rate) {
        return Math.max(1, TimeUnit.SECONDS.toNanos(1) / rate.perSecond());
    }
}
