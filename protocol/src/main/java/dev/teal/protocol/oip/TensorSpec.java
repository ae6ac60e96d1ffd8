package dev.teal.protocol.oip;

import java.util.List;

/**
 * What a model says of one input or output.
 *
 * @param shape dimensions, outermost first; {@code -1} where any size goes; empty for a scalar
 */
public record TensorSpec(String name, Datatype datatype, List<Long> shape) {
    public TensorSpec {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a tensor needs a name");
        }
        shape = List.copyOf(shape);
        for (long dimension : shape) {
            if (dimension < -1) {
                throw new IllegalArgumentException("dimension of '" + name + "' must be -1 or more, got " + dimension);
            }
        }
    }
}
