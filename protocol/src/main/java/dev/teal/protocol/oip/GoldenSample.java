package dev.teal.protocol.oip;

import java.util.List;

/**
 * A question to a model version and its right answer.
 *
 * @param outputs those that are compared; a model may have more
 */
public record GoldenSample(List<Tensor> inputs, List<Tensor> outputs, Tolerance tolerance) {
    public GoldenSample {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
