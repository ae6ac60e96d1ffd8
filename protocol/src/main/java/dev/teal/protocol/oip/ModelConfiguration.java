package dev.teal.protocol.oip;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.teal.protocol.cell.Batching;
import dev.teal.protocol.cell.RuntimeSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A version as Triton's model configuration tells it: the fields of its {@code ModelConfig} that mean something here, by their names there.
 *
 * @param maxBatchSize 0: shapes are whole; otherwise the dimension of the batch is left out of all of them
 * @param dynamicBatching null where each request is computed by itself
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelConfiguration(
        String name,
        String platform,
        String backend,
        int maxBatchSize,
        List<Input> input,
        List<Output> output,
        @Nullable DynamicBatching dynamicBatching,
        List<InstanceGroup> instanceGroup,
        String defaultModelFilename,
        ResponseCache responseCache,
        List<WarmUp> modelWarmup) {
    public static final String PLATFORM = "onnxruntime_onnx";

    private static final String BACKEND = "onnxruntime";
    private static final String FILE = "model.onnx";
    /**
     * Told where the shapes have a batch in front and nobody says how many rows it may have. Existing clients take 0 for a model without
     * batches; more rows than this are computed all the same, in parts of as many.
     */
    static final int USUAL_ROWS = 128;

    public ModelConfiguration {
        input = List.copyOf(input);
        output = List.copyOf(output);
        instanceGroup = List.copyOf(instanceGroup);
        modelWarmup = List.copyOf(modelWarmup);
    }

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Input(String name, String dataType, String format, List<Long> dims) {}

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Output(
            String name,
            String dataType,
            List<Long> dims,
            @Nullable String labelFilename) {}

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record DynamicBatching(List<Integer> preferredBatchSize, long maxQueueDelayMicroseconds) {}

    /** @param count requests that one worker computes at once */
    public record InstanceGroup(String name, String kind, int count) {}

    public record ResponseCache(boolean enable) {}

    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record WarmUp(String name, int batchSize, Map<String, WarmUpInput> inputs, int count) {}

    /** Of one input; one of its last two is true, the other not said. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record WarmUpInput(
            String dataType,
            List<Long> dims,
            @Nullable Boolean zeroData,
            @Nullable Boolean randomData) {}

    /**
     * @param name of the endpoint
     * @param config null where nothing beyond the file is registered
     */
    public static ModelConfiguration of(
            String name, ModelSignature signature, @Nullable ModelConfig config, RuntimeSettings runtime) {
        ModelConfig said = Objects.requireNonNullElse(config, ModelConfig.NONE);
        Batching batching = runtime.batching() == null ? said.batching() : runtime.batching();
        int rows = rows(signature, said, batching);
        return new ModelConfiguration(
                name,
                PLATFORM,
                BACKEND,
                rows,
                signature.inputs().stream().map(spec -> input(spec, rows > 0)).toList(),
                signature.outputs().stream()
                        .map(spec -> output(spec, rows > 0, said.labelFiles().get(spec.name())))
                        .toList(),
                rows > 1 && (batching == null || batching.maxRows() > 1)
                        ? new DynamicBatching(said.preferredRows(), batching == null ? 0 : batching.maxDelayMicros())
                        : null,
                List.of(new InstanceGroup(name, "KIND_CPU", runtime.concurrency())),
                FILE,
                new ResponseCache(runtime.responseCacheBytes() != null),
                said.warmUps().stream().map(warmUp -> warmUp(said, warmUp)).toList());
    }

    private static int rows(ModelSignature signature, ModelConfig said, @Nullable Batching batching) {
        if (!said.isBatched(signature)) {
            return 0;
        }
        if (said.maxBatchSize() != null) {
            return said.maxBatchSize();
        }
        return batching == null || batching.maxRows() == 1 ? USUAL_ROWS : batching.maxRows();
    }

    /** As it was said: without the dimension that was put before those that were declared. */
    private static WarmUp warmUp(ModelConfig said, ModelConfig.WarmUpRequest request) {
        boolean batched = said.maxBatchSize() != null && said.maxBatchSize() > 0;
        Map<String, WarmUpInput> inputs = new LinkedHashMap<>();
        request.inputs()
                .forEach(input -> inputs.put(
                        input.name(),
                        new WarmUpInput(
                                dataType(input.datatype()),
                                withoutBatch(input.shape(), batched),
                                input.random() ? null : true,
                                input.random() ? true : null)));
        int rows = batched && !inputs.isEmpty()
                ? Math.toIntExact(request.inputs().getFirst().shape().getFirst())
                : 0;
        return new WarmUp(request.name(), rows, inputs, request.count());
    }

    private static Input input(TensorSpec spec, boolean batched) {
        return new Input(spec.name(), dataType(spec.datatype()), "FORMAT_NONE", dims(spec, batched));
    }

    private static Output output(TensorSpec spec, boolean batched, @Nullable String labels) {
        return new Output(spec.name(), dataType(spec.datatype()), dims(spec, batched), labels);
    }

    private static List<Long> dims(TensorSpec spec, boolean batched) {
        return withoutBatch(spec.shape(), batched);
    }

    private static List<Long> withoutBatch(List<Long> shape, boolean batched) {
        return batched ? shape.subList(1, shape.size()) : shape;
    }

    private static String dataType(Datatype datatype) {
        return datatype == Datatype.BYTES ? "TYPE_STRING" : "TYPE_" + datatype;
    }
}
