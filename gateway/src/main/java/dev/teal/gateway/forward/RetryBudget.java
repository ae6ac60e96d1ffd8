package dev.teal.gateway.forward;

import java.util.function.LongSupplier;

/**
 * How many requests whose worker died may be sent again: a fifth of the traffic, and a few a second where there is little. Without it, workers
 * that die of load would get the load once more.
 */
final class RetryBudget {
    private static final double PER_REQUEST = 0.2;
    private static final double PER_SECOND = 10;
    private static final double FIRST = 100;
    private static final double MOST = 1_000;

    private final LongSupplier ticker;
    private double tokens = FIRST;
    private long filledNanos;

    RetryBudget(LongSupplier ticker) {
        this.ticker = ticker;
        this.filledNanos = ticker.getAsLong();
    }

    synchronized void request() {
        tokens = Math.min(MOST, tokens + PER_REQUEST);
    }

    synchronized boolean take() {
        long now = ticker.getAsLong();
        tokens = Math.min(MOST, tokens + (now - filledNanos) / 1e9 * PER_SECOND);
        filledNanos = now;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
