package dev.teal.protocol.oip;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /** Why a tensor is not one of these, as the end of a sentence that starts with its name; null if it is. */
    public @Nullable String misfit(Tensor tensor) {
        if (tensor.datatype() != datatype) {
            return "has datatype " + tensor.datatype() + ", but the model expects " + datatype;
        }
        boolean fits = tensor.shape().length == shape.size();
        for (int i = 0; fits && i < shape.size(); i++) {
            fits = shape.get(i) == -1 || shape.get(i) == tensor.shape()[i];
        }
        return fits ? null : "has shape " + Arrays.toString(tensor.shape()) + ", but the model expects " + shape;
    }
}
