package dev.teal.worker.run.domain;

import dev.teal.protocol.oip.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The shapes of one row of each input: requests of one row shape can be computed together. */
public final class RowShape {
    private final long[] dimensions;
    private final int hash;

    private RowShape(long[] dimensions) {
        this.dimensions = dimensions;
        this.hash = Arrays.hashCode(dimensions);
    }

    /** @param inputs in the model's order, each with a first dimension that counts rows */
    public static RowShape of(List<Tensor> inputs) {
        int length = 0;
        for (Tensor input : inputs) {
            length += input.shape().length;
        }
        long[] dimensions = new long[length];
        int at = 0;
        for (Tensor input : inputs) {
            // The place of the rows tells the ranks apart: [2][3, 4] is not [2, 3][4]
            dimensions[at++] = -1;
            for (int i = 1; i < input.shape().length; i++) {
                dimensions[at++] = input.shape()[i];
            }
        }
        return new RowShape(dimensions);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RowShape shape && hash == shape.hash && Arrays.equals(dimensions, shape.dimensions);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
