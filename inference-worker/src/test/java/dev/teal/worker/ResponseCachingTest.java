package dev.teal.worker;

import static dev.teal.worker.TestWorker.FRAUD;
import static dev.teal.worker.TestWorker.FRAUD_SIGNATURE;
import static dev.teal.worker.TestWorker.assignment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.Json;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ResponseCachingTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final RuntimeSettings CACHED = new RuntimeSettings(1, 2, null, 1_000_000L, null);

    @TempDir
    Path directory;

    @Test
    void withoutAskingForItNothingIsKept() throws IOException {
        try (TestWorker worker = new TestWorker()) {
            worker.prove(assignment(FRAUD.resolve("v1.onnx"), null, FRAUD_SIGNATURE));
            byte[] body = Files.readAllBytes(FRAUD.resolve("request.json"));

            assertThat(worker.infer(body).body()).isEqualTo(worker.infer(body).body());

            JsonNode statistics = answered(worker, 2);
            assertThat(statistics.path("execution_count").asInt()).isEqualTo(2);
            assertThat(Statistics.count(statistics, "cache_hit")).isZero();
            assertThat(Statistics.count(statistics, "cache_miss")).isZero();
        }
    }

    @Test
    void theSameQuestionGetsTheSameAnswerWithoutARun() throws IOException {
        try (TestWorker worker = new TestWorker()) {
            worker.prove(assignment(FRAUD.resolve("v1.onnx"), null, FRAUD_SIGNATURE, CACHED));
            String body = Fraud.request();

            UnixHttp.Response first = worker.infer(body.getBytes());
            UnixHttp.Response second = worker.infer(body.getBytes());

            assertThat(second.status()).isEqualTo(200);
            assertThat(second.body()).isEqualTo(first.body());
            assertThat(second.header("Teal-Digest")).isEqualTo(first.header("Teal-Digest"));
            JsonNode statistics = answered(worker, 2);
            assertThat(Statistics.count(statistics, "cache_hit")).isEqualTo(1);
            assertThat(Statistics.count(statistics, "cache_miss")).isEqualTo(1);
            assertThat(statistics.path("execution_count").asInt()).isEqualTo(1);
            assertThat(statistics.path("inference_count").asInt()).isEqualTo(1);
            Statistics.assertAddUp(statistics);
        }
    }

    @Test
    void whatIsNoPartOfTheQuestionMayDifferAndTheAnswerIsWrittenAsAsked() throws IOException {
        try (TestWorker worker = TestModel.twoOutputs().served(CACHED, dev.teal.protocol.oip.ModelConfig.NONE)) {
            Tensor given = Batches.matrix(RandomGenerator.getDefault(), 2, 3);
            InferenceRequest plain = new InferenceRequest("first", List.of(given), List.of());
            Asked.answer(Asked.infer(worker, Asked.body(plain, false)));
            try (UnixHttp connection = new UnixHttp(worker.inference)) {
                InferenceRequest again = new InferenceRequest("second", List.of(given), List.of());

                InferenceResponse response = Clients.ask(connection, again, true, true);

                assertThat(response.id()).isEqualTo("second");
                assertThat(response.outputs().getFirst().data()).isEqualTo(given.data());
                assertThat(Statistics.count(answered(worker, 2), "cache_hit")).isEqualTo(1);
                InferenceRequest other = new InferenceRequest(null, List.of(given), List.of("negative"));
                assertThat(Clients.ask(connection, other, false, false).outputs())
                        .extracting(Tensor::name)
                        .containsExactly("negative");
                assertThat(Statistics.count(answered(worker, 3), "cache_hit")).isEqualTo(1);
                InferenceRequest reshaped = new InferenceRequest(
                        null, List.of(new Tensor("x0", given.datatype(), new long[] {3, 2}, given.data())), List.of());
                assertThat(Clients.ask(connection, reshaped, false, false)
                                .outputs()
                                .getFirst()
                                .shape())
                        .containsExactly(3, 2);
                assertThat(Statistics.count(answered(worker, 4), "cache_hit")).isEqualTo(1);
            }
        }
    }

    @Test
    void underLoadEachGetsItsOwnAnswerWhetherKeptOrNot() throws Exception {
        try (TestWorker worker = TestModel.twoOutputs().served(CACHED, dev.teal.protocol.oip.ModelConfig.NONE)) {
            Clients.run(worker, 8, 60, (connection, random) -> {
                float value = random.nextInt(20);
                Tensor given = Asked.floats("x0", new long[] {1, 2}, value, value + 1);

                List<Tensor> outputs = Clients.ask(
                                connection,
                                new InferenceRequest(null, List.of(given), List.of()),
                                random.nextBoolean(),
                                random.nextBoolean())
                        .outputs();

                assertThat(Asked.floats(outputs.get(0))).containsExactly(value, value + 1);
                assertThat(Asked.floats(outputs.get(1))).containsExactly(-value, -value - 1);
            });
            JsonNode statistics = answered(worker, 480);
            assertThat(Statistics.count(statistics, "cache_hit")).isGreaterThan(300);
            Statistics.assertAddUp(statistics);
        }
    }

    @Test
    void theProofIsNeverAnsweredFromMemoryNorKept() throws IOException {
        Path samples = FRAUD.resolve("v1.samples.json");
        try (TestWorker worker = new TestWorker()) {
            worker.prove(assignment(FRAUD.resolve("v1.onnx"), samples, FRAUD_SIGNATURE, CACHED));
            assertThat(Statistics.count(Asked.statistics(worker), "cache_hit")).isZero();
            JsonNode inputs =
                    Json.MAPPER.readTree(Files.readAllBytes(samples)).path(0).path("inputs");

            assertThat(worker.infer(("{\"inputs\":" + inputs + "}").getBytes()).status())
                    .isEqualTo(200);

            JsonNode statistics = answered(worker, 1);
            assertThat(Statistics.count(statistics, "cache_hit")).isZero();
            assertThat(Statistics.count(statistics, "cache_miss")).isEqualTo(1);
        }
    }

    @Test
    void whatFailsIsNotKept() throws IOException {
        try (TestWorker worker = new TestWorker()) {
            worker.prove(assignment(FRAUD.resolve("bad/faulty.onnx"), null, FRAUD_SIGNATURE, CACHED));
            byte[] poison = Files.readAllBytes(FRAUD.resolve("request-poison.json"));

            assertThat(worker.infer(poison).status()).isEqualTo(500);
            assertThat(worker.infer(poison).status()).isEqualTo(500);

            assertThat(Statistics.count(Asked.statistics(worker), "cache_hit")).isZero();
        }
    }

    @Test
    void answersThatAreKeptHaveRoomBesideTheHeap() throws Exception {
        TestModel model = TestModel.spread(250_000);
        Path file = Files.write(directory.resolve("model.onnx"), model.bytes());
        RuntimeSettings cached = new RuntimeSettings(1, 1, null, 100_000_000L, null);
        try (WorkerProcess worker = new WorkerProcess(List.of("-Xmx40m", "-XX:MaxDirectMemorySize=128m"))) {
            worker.prove(TestWorker.assignment(file, null, model.signature(), cached));
            try (UnixHttp connection = new UnixHttp(worker.inference())) {
                for (int i = 0; i < 2 * 80; i++) {
                    float number = i % 80;
                    InferenceRequest request =
                            new InferenceRequest(null, List.of(Asked.floats("x0", new long[] {1}, number)), List.of());

                    Tensor answer = Clients.ask(connection, request, true, true)
                            .outputs()
                            .getFirst();

                    assertThat(Asked.floats(answer)).hasSize(250_000).containsOnly(number);
                }
                assertThat(UnixHttp.once(worker.inference(), "GET", "/v2/models/endpoint/stats", TestWorker.NOTHING)
                                .text())
                        .contains("\"cache_hit\":{\"count\":80,");
            }
        }
    }

    private static JsonNode answered(TestWorker worker, long requests) throws IOException {
        await().atMost(LONG).until(() -> Statistics.count(Asked.statistics(worker), "success") == requests);
        return Asked.statistics(worker);
    }
}
