package dev.teal.platform.registry.domain;

import dev.teal.platform.problem.domain.Refused;

/** The body ended early or is not multipart. */
public final class BrokenUpload extends Refused {
    public BrokenUpload(String reason) {
        super(
                Kind.MALFORMED,
                "The upload can not be read",
                "The upload can't be read: " + reason
                        + ". Send multipart/form-data with a part 'artifact', as in: curl -F artifact=@model.onnx.");
    }
}
