package dev.teal.protocol.cell;

/**
 * How requests that wait are computed together.
 *
 * @param maxRows of one run; 1: each request by itself
 * @param maxDelayMicros how long a run waits for more rows; 0: it takes what is there
 */
public record Batching(int maxRows, long maxDelayMicros) {
    public Batching {
        if (maxRows < 1 || maxDelayMicros < 0) {
            throw new IllegalArgumentException("batching must be 1 row or more and no negative delay, got rows="
                    + maxRows + " delay=" + maxDelayMicros + " µs");
        }
    }
}
