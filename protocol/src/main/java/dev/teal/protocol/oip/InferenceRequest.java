package dev.teal.protocol.oip;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks: {@code POST /v2/models/{endpoint}/infer}.
 *
 * @param id the client's own, echoed in the answer; null where it gave none
 * @param inputs no two of one name
 * @param outputs names of the outputs wanted, no name twice; empty for all
 */
public record InferenceRequest(@Nullable String id, List<Tensor> inputs, List<String> outputs) {
    public InferenceRequest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }
}
