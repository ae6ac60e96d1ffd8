package dev.teal.protocol.oip;

import dev.teal.protocol.cell.Batching;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came with a model version beyond its file: what applies of Triton's {@code config.pbtxt}.
 *
 * @param maxBatchSize rows of one request at most; 0: the model's shapes have no batch dimension in front; null: nothing is said
 * @param batching null: nothing is said
 * @param labels of the elements of an output, by the output's name; for classification
 * @param warmUps requests to be made before the first client's
 */
public record ModelConfig(
        @Nullable Integer maxBatchSize,
        @Nullable Batching batching,
        Map<String, List<String>> labels,
        List<WarmUpRequest> warmUps) {
    public static final ModelConfig NONE = new ModelConfig(null, null, Map.of(), List.of());

    public ModelConfig {
        labels = Map.copyOf(labels);
        warmUps = List.copyOf(warmUps);
    }

    /**
     * @param count how often it is made
     * @param inputs whole shapes, the batch's dimension included
     */
    public record WarmUpRequest(String name, int count, List<Input> inputs) {
        public WarmUpRequest {
            inputs = List.copyOf(inputs);
        }

        /** @param random elements, zero otherwise */
        public record Input(String name, Datatype datatype, List<Long> shape, boolean random) {
            public Input {
                shape = List.copyOf(shape);
            }
        }
    }
}
