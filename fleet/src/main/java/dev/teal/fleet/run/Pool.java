package dev.teal.fleet.run;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Holds the filling of the pool back, ever longer, while its workers die. */
final class Pool {

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final int MOST_DOUBLINGS = 6;

    private final int size;
    private final LongSupplier nanoTime;
    private int deaths;
    private long holdUntilNanos;

    Pool(int size, LongSupplier nanoTime) {
        this.size = size;
        this.nanoTime = nanoTime;
        this.holdUntilNanos = nanoTime.getAsLong();
    }

    int size() {
        return size;
    }

    synchronized void died() {
        holdUntilNanos = nanoTime.getAsLong() + (FIRST.toNanos() << Math.min(deaths, MOST_DOUBLINGS));
        deaths++;
    }

    synchronized void up() {
        deaths = 0;
    }

    synchronized boolean mayStart() {
        return nanoTime.getAsLong() - holdUntilNanos >= 0;
    }
}
