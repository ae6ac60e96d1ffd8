package dev.teal.platform.registry.domain;

import dev.teal.platform.problem.domain.Refused;

/** The bytes are not an ONNX model that a runtime could load: damaged, truncated, or something else. */
public final class NotAnOnnxModel extends Refused {
    public NotAnOnnxModel(String reason) {
        super(
                Kind.INVALID,
                "The artifact is not a usable ONNX model",
                "The artifact is not a usable ONNX model: " + reason + ".");
    }
}
