package dev.teal.protocol.cell;

import java.util.random.RandomGenerator;

/** How long to wait before what failed is tried again: twice as long each time, up to a longest, until it works. One thread at a time. */
public final class BackOff {
    private final long firstMillis;
    private final long longestMillis;
    private long millis;

    public BackOff(long firstMillis, long longestMillis) {
        this.firstMillis = firstMillis;
        this.longestMillis = longestMillis;
        this.millis = firstMillis;
    }

    /** @return how long to wait now */
    public long nextMillis() {
        long now = millis;
        millis = Math.min(longestMillis, millis * 2);
        return now;
    }

    /** It worked, or what failed is not wanted any more. */
    public void reset() {
        millis = firstMillis;
    }

    /** Sleeps for half to one and a half of that time, so that all who wait for the same do not come back in step. @return false when interrupted */
    public static boolean sleep(long millis, RandomGenerator random) {
        try {
            Thread.sleep(millis / 2 + random.nextLong(millis));
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
