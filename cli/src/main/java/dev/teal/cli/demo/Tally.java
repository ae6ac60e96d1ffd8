package dev.teal.cli.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What happened to the requests of a while. Not thread-safe; its owner locks. */
final class Tally {
    private long requests;
    private long failed;
    private final List<Long> nanos = new ArrayList<>();
    private final Set<String> colors = new TreeSet<>();
    private final Set<String> versions = new TreeSet<>();
    private final Set<Long> generations = new TreeSet<>();

    void answered(Answer answer) {
        requests++;
        nanos.add(answer.took().toNanos());
        colors.add(answer.color());
        versions.add(answer.version());
        generations.add(answer.generation());
    }

    void failed() {
        requests++;
        failed++;
    }

    long requests() {
        return requests;
    }

    long failures() {
        return failed;
    }

    /** {@code blue}, or {@code blue+green} where both answered. */
    String colors() {
        return colors.isEmpty() ? "-" : String.join("+", colors);
    }

    Set<String> versions() {
        return Set.copyOf(versions);
    }

    String versionsText() {
        return versions.isEmpty() ? "-" : String.join("+", versions);
    }

    String generations() {
        return generations.isEmpty()
                ? "-"
                : String.join("+", generations.stream().map(String::valueOf).toList());
    }

    /** @param quantile 0.99 for the time that 99 of 100 stayed under; zero where nothing was answered */
    Duration latency(double quantile) {
        if (nanos.isEmpty()) {
            return Duration.ZERO;
        }
        List<Long> sorted = nanos.stream().sorted().toList();
        int index = (int) Math.ceil(quantile * sorted.size()) - 1;
        return Duration.ofNanos(sorted.get(Math.max(0, index)));
    }
}
