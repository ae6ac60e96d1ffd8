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
 * @param labelFiles where the labels came from, by the output's name; told again, and nothing else
 * @param preferredRows sizes of batches that were preferred; likewise
 */
public record ModelConfig(
        @Nullable Integer maxBatchSize,
        @Nullable Batching batching,
        Map<String, List<String>> labels,
        List<WarmUpRequest> warmUps,
        Map<String, String> labelFiles,
        List<Integer> preferredRows) {
    /** Of one run, where neither the endpoint nor the model says how many. */
    public static final int USUAL_ROWS = 128;

    public static final ModelConfig NONE = new ModelConfig(null, null, Map.of(), List.of());

    public ModelConfig {
        labels = Map.copyOf(labels);
        warmUps = List.copyOf(warmUps);
        // Of a version that was registered before they were kept
        labelFiles = labelFiles == null ? Map.of() : Map.copyOf(labelFiles);
        preferredRows = preferredRows == null ? List.of() : List.copyOf(preferredRows);
    }

    public ModelConfig(
            @Nullable Integer maxBatchSize,
            @Nullable Batching batching,
            Map<String, List<String>> labels,
            List<WarmUpRequest> warmUps) {
        this(maxBatchSize, batching, labels, warmUps, Map.of(), List.of());
    }

    /** Whether the first dimension of each tensor is a batch's; where nothing is said, shapes tell. */
    public boolean isBatched(ModelSignature signature) {
        return (maxBatchSize == null || maxBatchSize > 0) && signature.rowsFirst();
    }

    /** Rows of one run at most. @param asked the endpoint's word, which goes before the author's */
    public int rows(@Nullable Batching asked) {
        Batching applied = asked == null ? batching : asked;
        int rows = applied == null ? USUAL_ROWS : applied.maxRows();
        return maxBatchSize == null ? rows : Math.max(1, Math.min(rows, maxBatchSize));
    }

    /** The same, where the endpoint or the author says that requests are to be computed together; 1 where neither does. */
    public int rowsAsked(@Nullable Batching asked) {
        return asked == null && batching == null && maxBatchSize == null ? 1 : rows(asked);
    }

    /**
     * @param count how often it is made
     * @param inputs whole shapes, the batch's dimension included
     */
    public record WarmUpRequest(String name, int count, List<Input> inputs) {
        /** Of one input: a worker makes it in Java's heap, where it stands four times on its way. */
        public static final long MOST_BYTES = 32 << 20;

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
