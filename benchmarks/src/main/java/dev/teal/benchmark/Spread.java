package dev.teal.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What several rounds gave. */
record Spread(List<Double> rounds) {
    Spread {
        rounds = List.copyOf(rounds);
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("no round was measured");
        }
    }

    double median() {
        double[] sorted = sorted();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private double[] sorted() {
        double[] sorted = rounds.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }

    /** Median, least and greatest. */
    String text(String unit) {
        double[] sorted = sorted();
        return "%s %s (%s to %s)".formatted(round(median()), unit, round(sorted[0]), round(sorted[sorted.length - 1]));
    }

    /** To three digits or so. */
    static String round(double value) {
        String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : value >= 0.1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }
}
