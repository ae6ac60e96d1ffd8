package dev.teal.worker.run.domain;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a run costs by its rows, learned from the runs that are made: how large a batch pays. On a CPU that differs from model to model, from
 * 56 times less a row to nothing at all, so it is measured and not set. Rows are classed by powers of two; a class that was never tried is
 * tried once the one below it is known. Each shape of a row is learned by itself. Not to be shared between threads without a lock.
 */
public final class BatchCost {
    /** A batch grows only while a row costs so much less in a batch of twice the size. */
    private static final double PAYS_BELOW = 0.95;

    /** A size is known after so many runs: the first ones load caches and compile. */
    private static final int KNOWN_AFTER = 4;

    /** Other load on the machine makes a size look dear; it is tried anew after so many runs. */
    private static final int FORGET_AFTER = 4_096;

    private static final double WEIGHT = 0.2;
    private static final int MOST_SHAPES = 64;
    private static final int CLASSES = 32;

    private final Map<Object, Shape> shapes = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Shape> eldest) {
            return size() > MOST_SHAPES;
        }
    };

    private static final class Shape {
        private final double[] nanosPerRow = new double[CLASSES];
        private final int[] runs = new int[CLASSES];
        private int sinceForgotten;
    }

    /** @param shape of one row; any value with equality */
    public void learn(Object shape, int rows, long nanos) {
        Shape known = shapes.computeIfAbsent(shape, _ -> new Shape());
        int size = sizeClass(rows);
        double perRow = (double) nanos / rows;
        known.nanosPerRow[size] = known.runs[size] == 0
                ? perRow
                // The least is nearest to the truth while the first ones warm up; after that a slow drift counts
                : known.runs[size] < KNOWN_AFTER
                        ? Math.min(known.nanosPerRow[size], perRow)
                        : known.nanosPerRow[size] * (1 - WEIGHT) + perRow * WEIGHT;
        known.runs[size]++;
        if (++known.sinceForgotten >= FORGET_AFTER) {
            known.sinceForgotten = 0;
            java.util.Arrays.fill(known.runs, 0);
        }
    }

    /** Rows that a batch should have at most, at least 1. */
    public int limit(Object shape, int most) {
        Shape known = shapes.get(shape);
        int size = known == null ? 0 : leastKnown(known);
        while (known != null && size + 1 < CLASSES - 1 && pays(known, size)) {
            size++;
        }
        return Math.max(1, Math.min(most, (1 << size + 1) - 1));
    }

    /** Sizes may be skipped: two clients never make a batch of one when both always wait, nor do clients that send four rows at once. */
    private static int leastKnown(Shape known) {
        int size = 0;
        while (size < CLASSES && known.runs[size] < KNOWN_AFTER) {
            size++;
        }
        return size == CLASSES ? 0 : size;
    }

    /** Whether the next size is worth it: a row is cheaper there, or nobody knows yet. */
    private static boolean pays(Shape known, int size) {
        if (known.runs[size] < KNOWN_AFTER) {
            return false;
        }
        return known.runs[size + 1] < KNOWN_AFTER || known.nanosPerRow[size + 1] < known.nanosPerRow[size] * PAYS_BELOW;
    }

    private static int sizeClass(int rows) {
        return 31 - Integer.numberOfLeadingZeros(Math.max(1, rows));
    }
}
