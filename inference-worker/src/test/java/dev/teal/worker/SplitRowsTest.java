package dev.teal.worker;

import static dev.teal.worker.Batches.matrix;
import static dev.teal.worker.Batches.request;
import static dev.teal.worker.Batches.settled;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Cases;
import dev.teal.protocol.cell.Batching;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.Tensor;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Requests of many rows: computed in parts, or refused. */
class SplitRowsTest {
    private static final ModelConfig DECLARED = new ModelConfig(64, null, Map.of(), List.of());
    private static final RuntimeSettings ONE = new RuntimeSettings(1, 1);

    @Test
    void aRequestOfMoreRowsThanARunMayHaveIsSplitAndComesBackWhole() throws Exception {
        RuntimeSettings eight = new RuntimeSettings(1, 1, new Batching(8, 0), null, null);
        ModelConfig thousand = new ModelConfig(1_000, null, Map.of(), List.of());
        try (TestWorker worker = TestModel.identity(Datatype.FP32, -1, 4).served(eight, thousand)) {
            Tensor given = matrix(RandomGenerator.getDefault(), 100, 4);

            InferenceResponse response = Asked.answer(Asked.infer(worker, Asked.body(request(given), true)));

            assertThat(response.outputs().getFirst().shape()).containsExactly(100, 4);
            assertThat(response.outputs().getFirst().data()).isEqualTo(given.data());
            JsonNode statistics = settled(worker, 1);
            assertThat(statistics.path("execution_count").asLong()).isEqualTo(13);
            assertThat(statistics.path("inference_count").asLong()).isEqualTo(100);
            assertThat(statistics
                            .path("inference_stats")
                            .path("compute_infer")
                            .path("ns")
                            .asLong())
                    .isPositive();
            Statistics.assertAddUp(statistics);
        }
    }

    @Test
    void stringsAreSplitAndJoinedToo() throws Exception {
        RuntimeSettings three = new RuntimeSettings(1, 1, new Batching(3, 0), null, null);
        try (TestWorker worker =
                TestModel.identity(Datatype.BYTES, -1).served(three, new ModelConfig(100, null, Map.of(), List.of()))) {
            List<String> texts = List.of("", "a", "éé", "", "😀", "long ".repeat(1_000), "g", "");
            Tensor given = ExampleRows.strings("x0", texts);

            Tensor made = Asked.answer(Asked.infer(worker, Asked.body(request(given), false)))
                    .outputs()
                    .getFirst();

            assertThat(made.data()).isEqualTo(given.data());
        }
    }

    @Test
    void rowsWithoutElementsAreAnyNumberAndOneRun() throws Exception {
        try (TestWorker worker = TestModel.identity(Datatype.FP32, -1, -1)
                .served(ONE, new ModelConfig(Integer.MAX_VALUE, null, Map.of(), List.of()))) {
            String empty = "{\"inputs\":[{\"name\":\"x0\",\"datatype\":\"FP32\",\"shape\":[2147483647,0]}]}";

            assertThat(Asked.answer(worker.infer(empty.getBytes()))
                            .outputs()
                            .getFirst()
                            .shape())
                    .containsExactly(Integer.MAX_VALUE, 0);
            assertThat(settled(worker, 1).path("execution_count").asLong()).isEqualTo(1);
        }
    }

    @Test
    void moreRowsThanTheModelsAuthorAllowsAreRefused() throws Exception {
        try (TestWorker worker = TestModel.identity(Datatype.FP32, -1, 4).served(ONE, DECLARED)) {
            Cases.forAll(1, random -> {
                UnixHttp.Response response = Asked.infer(worker, Asked.body(request(matrix(random, 65, 4)), false));

                assertThat(response.status()).isEqualTo(400);
                assertThat(Asked.error(response))
                        .isEqualTo("inference request batch-size must be <= 64 for 'endpoint'");
            });
        }
    }
}
