package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Json;
import dev.teal.protocol.cell.Batching;
import dev.teal.protocol.cell.RuntimeSettings;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class ModelConfigurationTest {
    private static final RuntimeSettings RUNTIME = new RuntimeSettings(1, 2);
    private static final ModelSignature BATCHED = new ModelSignature(
            List.of(
                    new TensorSpec("image", Datatype.FP32, List.of(-1L, 3L, -1L)),
                    new TensorSpec("title", Datatype.BYTES, List.of(-1L))),
            List.of(new TensorSpec("scores", Datatype.FP64, List.of(-1L, 10L))),
            17);
    private static final ModelSignature FIXED = new ModelSignature(
            List.of(new TensorSpec("x", Datatype.FP32, List.of(1L, 3L))),
            List.of(new TensorSpec("y", Datatype.INT64, List.of())),
            17);

    private static RuntimeSettings with(@Nullable Batching batching) {
        return new RuntimeSettings(1, 2, batching, null, null);
    }

    private static ModelConfig saying(@Nullable Integer rows, @Nullable Batching batching) {
        return new ModelConfig(rows, batching, Map.of(), List.of());
    }

    private static JsonNode json(ModelConfiguration configuration) {
        return Json.MAPPER.readTree(Json.MAPPER.writeValueAsString(configuration));
    }

    @Test
    void theJsonHasTritonsNamesAndTheBatchIsLeftOutOfTheDimensions() {
        ModelConfig config = new ModelConfig(
                8,
                new Batching(8, 500),
                Map.of(),
                List.of(new ModelConfig.WarmUpRequest(
                        "zeros",
                        3,
                        List.of(
                                new ModelConfig.WarmUpRequest.Input("image", Datatype.FP32, List.of(2L, 3L, 5L), true),
                                new ModelConfig.WarmUpRequest.Input("title", Datatype.BYTES, List.of(2L), false)))),
                Map.of("scores", "classes.txt"),
                List.of(4, 8));

        assertThat(json(ModelConfiguration.of("vision", BATCHED, config, RUNTIME)))
                .isEqualTo(Json.MAPPER.readTree("""
                        {"name":"vision","platform":"onnxruntime_onnx","backend":"onnxruntime","max_batch_size":8,
                        "input":[{"name":"image","data_type":"TYPE_FP32","format":"FORMAT_NONE","dims":[3,-1]},
                        {"name":"title","data_type":"TYPE_STRING","format":"FORMAT_NONE","dims":[]}],
                        "output":[{"name":"scores","data_type":"TYPE_FP64","dims":[10],"label_filename":"classes.txt"}],
                        "dynamic_batching":{"preferred_batch_size":[4,8],"max_queue_delay_microseconds":500},
                        "instance_group":[{"name":"vision","kind":"KIND_CPU","count":2}],
                        "default_model_filename":"model.onnx","response_cache":{"enable":false},
                        "model_warmup":[{"name":"zeros","batch_size":2,"inputs":{
                        "image":{"data_type":"TYPE_FP32","dims":[3,5],"random_data":true},
                        "title":{"data_type":"TYPE_STRING","dims":[],"zero_data":true}},"count":3}]}"""));
    }

    @Test
    void aModelWithoutABatchInFrontHasWholeDimensionsAndNoBatching() {
        JsonNode configuration = json(ModelConfiguration.of("x", FIXED, saying(8, new Batching(8, 0)), RUNTIME));

        assertThat(configuration.path("max_batch_size").asInt(-1)).isZero();
        assertThat(configuration.path("input").path(0).path("dims").toString()).isEqualTo("[1,3]");
        assertThat(configuration.path("output").path(0).path("dims").toString()).isEqualTo("[]");
        assertThat(configuration.has("dynamic_batching")).isFalse();
    }

    @Test
    void rowsAreThoseOfTheModelThenOfTheBatchingThenTheUsual() {
        Batching sixteen = new Batching(16, 0);

        assertThat(ModelConfiguration.of("x", BATCHED, null, RUNTIME).maxBatchSize())
                .isEqualTo(ModelConfiguration.USUAL_ROWS);
        assertThat(ModelConfiguration.of("x", BATCHED, null, with(sixteen)).maxBatchSize())
                .isEqualTo(16);
        assertThat(ModelConfiguration.of("x", BATCHED, saying(8, null), with(sixteen))
                        .maxBatchSize())
                .isEqualTo(8);
        assertThat(ModelConfiguration.of("x", BATCHED, saying(0, null), RUNTIME).maxBatchSize())
                .isZero();
    }

    @Test
    void theEndpointsBatchingGoesBeforeTheModelsAndOneRowIsNone() {
        ModelConfig models = saying(8, new Batching(8, 500));

        assertThat(ModelConfiguration.of("x", BATCHED, models, with(new Batching(4, 7)))
                        .dynamicBatching())
                .isEqualTo(new ModelConfiguration.DynamicBatching(List.of(), 7));
        assertThat(ModelConfiguration.of("x", BATCHED, models, with(new Batching(1, 0)))
                        .dynamicBatching())
                .isNull();
        assertThat(ModelConfiguration.of("x", BATCHED, saying(1, null), RUNTIME).dynamicBatching())
                .isNull();
        assertThat(ModelConfiguration.of("x", BATCHED, null, RUNTIME).dynamicBatching())
                .isEqualTo(new ModelConfiguration.DynamicBatching(List.of(), 0));
    }

    @Test
    void aResponseCacheIsTold() {
        RuntimeSettings caching = new RuntimeSettings(1, 2, null, 1_000_000L, null);

        assertThat(ModelConfiguration.of("x", FIXED, null, caching)
                        .responseCache()
                        .enable())
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void eachDatatypeHasItsNameThere(Datatype datatype) {
        ModelSignature signature = new ModelSignature(
                List.of(new TensorSpec("x", datatype, List.of(1L))),
                List.of(new TensorSpec("y", datatype, List.of(1L))),
                17);

        String expected = datatype == Datatype.BYTES ? "TYPE_STRING" : "TYPE_" + datatype.name();

        assertThat(ModelConfiguration.of("x", signature, null, RUNTIME)
                        .output()
                        .getFirst()
                        .dataType())
                .isEqualTo(expected);
    }
}
