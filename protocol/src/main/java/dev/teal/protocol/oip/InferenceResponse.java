package dev.teal.protocol.oip;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model answers.
 *
 * @param id the request's, null where it had none
 */
public record InferenceResponse(
        String modelName, String modelVersion, @Nullable String id, List<Tensor> outputs) {
    public InferenceResponse {
        outputs = List.copyOf(outputs);
    }
}
