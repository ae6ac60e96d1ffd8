package dev.teal.protocol.oip;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a model version takes and gives, as read from its file.
 *
 * @param opset version of the default operator set
 */
public record ModelSignature(List<TensorSpec> inputs, List<TensorSpec> outputs, long opset) {
    public ModelSignature {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** Whether all its tensors have an open first dimension, so that it may count rows. */
    public boolean rowsFirst() {
        return !inputs.isEmpty()
                && Stream.concat(inputs.stream(), outputs.stream())
                        .allMatch(
                                spec -> !spec.shape().isEmpty() && spec.shape().getFirst() == -1);
    }
}
