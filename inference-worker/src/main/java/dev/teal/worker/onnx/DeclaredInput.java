package dev.teal.worker.onnx;

import dev.teal.protocol.oip.TensorSpec;
import java.util.List;

/**
 * An input as the model's file declares it.
 *
 * @param dimensionNames one for each dimension, empty where it has none; dimensions of one name should be of one size
 */
public record DeclaredInput(TensorSpec spec, List<String> dimensionNames) {
    public DeclaredInput {
        dimensionNames = List.copyOf(dimensionNames);
    }
}
