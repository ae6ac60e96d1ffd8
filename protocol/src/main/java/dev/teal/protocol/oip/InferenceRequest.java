package dev.teal.protocol.oip;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks: {@code POST /v2/models/{endpoint}/infer}.
 *
 * @param id the client's own, echoed in the answer; null where it gave none
 * @param schedule how urgent it is
 * @param inputs no two of one name
 * @param outputs those wanted, no name twice; empty for all
 * @param binaryOutputs whether outputs that are not named in {@code outputs} come as binary tensors
 */
public record InferenceRequest(
        @Nullable String id,
        Schedule schedule,
        List<Tensor> inputs,
        List<RequestedOutput> outputs,
        boolean binaryOutputs) {
    public InferenceRequest {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** A plain one, whose answer is JSON. @param outputs names */
    public InferenceRequest(@Nullable String id, List<Tensor> inputs, List<String> outputs) {
        this(
                id,
                Schedule.NONE,
                inputs,
                outputs.stream().map(RequestedOutput::json).toList(),
                false);
    }
}
