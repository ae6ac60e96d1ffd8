package dev.teal.worker;

import static dev.teal.worker.TestWorker.FRAUD;
import static dev.teal.worker.TestWorker.FRAUD_SIGNATURE;
import static dev.teal.worker.TestWorker.assignment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.Json;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.Tensor;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What is told of answers beside the answers: statistics, and classes in place of numbers. */
class StatisticsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void theWorkersOwnRequestsAreNotCounted() throws IOException {
        try (TestWorker worker = new TestWorker()) {
            worker.prove(assignment(FRAUD.resolve("v1.onnx"), FRAUD.resolve("v1.samples.json"), FRAUD_SIGNATURE));

            JsonNode fresh = Asked.statistics(worker);

            assertThat(fresh.path("name").asString()).isEqualTo("endpoint");
            assertThat(fresh.path("version").asString()).isEqualTo("7");
            assertThat(Statistics.numbers(fresh).values()).allMatch(number -> number == 0);
            assertThat(fresh.path("batch_stats").size()).isZero();
        }
    }

    @Test
    void countersAddUpAndOnlyGrow() throws IOException {
        try (TestWorker worker = TestModel.identity(Datatype.FP32, -1, 2).served()) {
            long started = System.currentTimeMillis();
            Map<String, Long> before = Map.of();
            int answered = 0;
            int failed = 0;
            for (int rows = 1; rows <= 4; rows++) {
                for (int i = 0; i < 3; i++) {
                    Tensor given = Batches.matrix(RandomGenerator.getDefault(), rows, 2);
                    assertThat(worker.infer(Asked.body(new InferenceRequest(null, List.of(given), List.of()), false)
                                            .bytes())
                                    .status())
                            .isEqualTo(200);
                    answered++;
                }
                assertThat(worker.infer("{}".getBytes()).status()).isEqualTo(400);
                failed++;

                JsonNode statistics = counted(worker, answered, failed);
                Statistics.assertAddUp(statistics);
                Map<String, Long> now = Statistics.numbers(statistics);
                before.forEach(
                        (path, number) -> assertThat(now.get(path)).as(path).isGreaterThanOrEqualTo(number));
                before = now;
            }
            JsonNode statistics = Asked.statistics(worker);
            assertThat(statistics.path("inference_count").asLong()).isEqualTo(3 * (1 + 2 + 3 + 4));
            assertThat(statistics.path("execution_count").asLong()).isEqualTo(12);
            assertThat(statistics
                            .path("batch_stats")
                            .valueStream()
                            .map(batch -> batch.path("batch_size").asInt()))
                    .containsExactly(1, 2, 3, 4);
            assertThat(statistics.path("last_inference").asLong()).isBetween(started, System.currentTimeMillis());
            JsonNode times = statistics.path("inference_stats");
            long parts = 0;
            for (String part : new String[] {"queue", "compute_input", "compute_infer", "compute_output"}) {
                parts += times.path(part).path("ns").asLong();
            }
            assertThat(parts)
                    .as("the parts are no more than the whole")
                    .isLessThanOrEqualTo(times.path("success").path("ns").asLong());
            assertThat(Json.MAPPER
                            .readTree(worker.get("/v2/models/stats").body())
                            .path("model_stats"))
                    .hasSize(1);
        }
    }

    private static JsonNode counted(TestWorker worker, int answered, int failed) {
        await().atMost(LONG).untilAsserted(() -> {
            JsonNode statistics = Asked.statistics(worker);
            assertThat(Statistics.count(statistics, "success")).isEqualTo(answered);
            assertThat(Statistics.count(statistics, "fail")).isEqualTo(failed);
            assertThat(statistics.path("execution_count").asInt()).isEqualTo(answered);
        });
        try {
            return Asked.statistics(worker);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, false, 1", "2, false, 2", "99, false, 2", "2, true, 2"})
    void classesComeInPlaceOfNumbers(int wanted, boolean binary, int classes) throws IOException {
        ModelConfig labels =
                new ModelConfig(null, null, Map.of("probabilities", List.of("legitimate", "fraud")), List.of());
        try (TestWorker worker = fraud(labels)) {
            List<Tensor> outputs =
                    Asked.answer(worker.infer(classified(wanted, binary))).outputs();

            Tensor probabilities = outputs.getFirst();
            assertThat(outputs).hasSize(1);
            assertThat(probabilities.datatype()).isEqualTo(Datatype.BYTES);
            assertThat(probabilities.shape()).containsExactly(1, classes);
            List<String> texts = ExampleTexts.of(probabilities);
            assertThat(texts)
                    .allMatch(text -> text.matches("\\d\\.\\d{6}:(0:legitimate|1:fraud)"))
                    .isSortedAccordingTo(java.util.Comparator.reverseOrder());
        }
    }

    @Test
    void classesWithoutLabelsHaveNumbersOnly() throws IOException {
        try (TestWorker worker = fraud(ModelConfig.NONE)) {
            List<Tensor> outputs =
                    Asked.answer(worker.infer(classified(1, false))).outputs();

            assertThat(ExampleTexts.of(outputs.getFirst())).allMatch(text -> text.matches("\\d\\.\\d{6}:[01]"));
        }
    }

    @Test
    void whatHasNoOrderHasNoClasses() throws IOException {
        try (TestWorker worker = TestModel.identity(Datatype.BYTES, -1).served()) {
            UnixHttp.Response response = worker.infer(
                    ("{\"inputs\":[{\"name\":\"x0\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"a\"]}],"
                                    + "\"outputs\":[{\"name\":\"y0\",\"parameters\":{\"classification\":1}}]}")
                            .getBytes());

            assertThat(response.status()).isEqualTo(400);
            assertThat(Asked.error(response))
                    .isEqualTo("class result not available for output 'y0' due to unsupported type 'BYTES'");
        }
    }

    private static TestWorker fraud(ModelConfig config) throws IOException {
        TestWorker worker = new TestWorker();
        worker.prove(TestModel.with(assignment(FRAUD.resolve("v1.onnx"), null, FRAUD_SIGNATURE), config));
        return worker;
    }

    private static byte[] classified(int classes, boolean binary) throws IOException {
        return Fraud.request()
                .replaceFirst(
                        "\\{",
                        "{\"outputs\":[{\"name\":\"probabilities\",\"parameters\":{\"binary_data\":" + binary
                                + ",\"classification\":" + classes + "}}],")
                .getBytes();
    }
}
