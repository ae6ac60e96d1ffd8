package dev.teal.worker.run.domain;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.Tolerance;
import java.util.List;

/**
 * How near an output is that was computed in another batch. A row's last bits depend on its batch, by the order of sums, and so does how they are
 * rounded; a model that mixes rows is far off. What is near is a matter of the output's own size: of numbers around a millionth none is off
 * by more than a millionth, however they were mixed.
 *
 * @param relative of an element
 * @param ofLargest of the output's largest element: what is left where large numbers cancel each other out
 * @param mostLargest beyond which a number is no size but a mark, as masks are
 * @param step the smallest difference that the datatype knows
 */
record Likeness(double relative, double ofLargest, double mostLargest, double step) {
    private static final Likeness FP32 = new Likeness(1e-3, 1e-4, 1, 0);

    /** Four places of the last bit. */
    private static final Likeness FP16 = new Likeness(0x1p-8, 0x1p-8, 64, 0x1p-22);

    private static final Likeness BF16 = new Likeness(0x1p-5, 0x1p-5, 64, 0);

    /**
     * Whether both are the same output.
     *
     * @param alone of each request by itself
     * @param together of the same requests in one run
     */
    static boolean same(List<Tensor> alone, List<Tensor> together) {
        double largest = alone.stream().mapToDouble(Tolerance::largest).max().orElse(0);
        for (int i = 0; i < alone.size(); i++) {
            Tolerance near = of(alone.get(i).datatype()).near(largest);
            if (near.difference(alone.get(i), together.get(i)).isPresent()) {
                return false;
            }
        }
        return true;
    }

    private static Likeness of(Datatype datatype) {
        return switch (datatype) {
            case FP16 -> FP16;
            case BF16 -> BF16;
            default -> FP32;
        };
    }

    private Tolerance near(double largest) {
        return new Tolerance(relative, Math.max(step, ofLargest * Math.min(largest, mostLargest)));
    }
}
