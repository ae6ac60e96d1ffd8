package dev.teal.fleet.scale.domain;

import java.time.Duration;

/**
 * Knative's knobs and defaults.
 *
 * @param utilization part of its concurrency that a worker is meant to use; the rest takes what comes while the next one starts
 * @param stableWindow over which demand is averaged
 * @param panicWindow the short one, which sees a burst
 * @param panicThreshold the burst is one when the short window wants this many times the workers there are
 */
public record ScalePolicy(double utilization, Duration stableWindow, Duration panicWindow, double panicThreshold) {

    public static final ScalePolicy KNATIVE = new ScalePolicy(0.7, Duration.ofSeconds(60), Duration.ofSeconds(6), 2.0);

    public ScalePolicy {
        if (utilization <= 0 || utilization > 1 || panicThreshold <= 1 || panicWindow.compareTo(stableWindow) > 0) {
            throw new IllegalArgumentException("policy must have 0 < utilization <= 1, threshold > 1 and a panic window"
                    + " within the stable one, got " + utilization + ", " + panicThreshold + ", " + panicWindow);
        }
    }
}
