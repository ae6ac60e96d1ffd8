package dev.teal.fleet.scale.domain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests at workers and waiting for one, sampled about once a second.
 *
 * @param samples oldest first
 */
public record DemandHistory(List<Sample> samples) {

    public static final DemandHistory NONE = new DemandHistory(List.of());

    /** Two samples nearer than this are one: gateways may report more often than the average needs. */
    private static final long BUCKET_NANOS = Duration.ofMillis(500).toNanos();

    /** @param atNanos monotonic */
    public record Sample(long atNanos, double concurrency) {}

    public DemandHistory {
        samples = List.copyOf(samples);
    }

    /** With one more sample and without those older than {@code keep}. A near one before it gives way if it is smaller. */
    public DemandHistory with(Sample sample, Duration keep) {
        List<Sample> next = new ArrayList<>(samples.size() + 1);
        for (Sample old : samples) {
            if (sample.atNanos() - old.atNanos() < keep.toNanos()) {
                next.add(old);
            }
        }
        if (!next.isEmpty() && sample.atNanos() - next.getLast().atNanos() < BUCKET_NANOS) {
            Sample near = next.removeLast();
            next.add(new Sample(near.atNanos(), Math.max(near.concurrency(), sample.concurrency())));
        } else {
            next.add(sample);
        }
        return new DemandHistory(next);
    }

    /** Mean of the samples within {@code window} before {@code nowNanos}; 0 without any. */
    public double average(Duration window, long nowNanos) {
        return samples.stream()
                .filter(sample -> nowNanos - sample.atNanos() < window.toNanos())
                .mapToDouble(Sample::concurrency)
                .average()
                .orElse(0);
    }
}
