package dev.teal.worker;

import static dev.teal.worker.TestWorker.FRAUD;
import static dev.teal.worker.TestWorker.FRAUD_SIGNATURE;
import static dev.teal.worker.TestWorker.assignment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.cell.Batching;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.Tolerance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Priority, timeout, delay and deadline: who is computed when, and who not any more. {@code slow} takes about 20 ms a run. */
class ScheduleTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Path SLOW = FRAUD.resolve("bad").resolve("slow.onnx");
    private static final ModelConfig DECLARED = new ModelConfig(64, null, Map.of(), List.of());
    private static final long HOUR_MICROS = TimeUnit.HOURS.toMicros(1);

    @ParameterizedTest
    @CsvSource({"5000, 503", "1, 200", "soon, 400"})
    void whatARequestHasWaitedInAGatewaysLineCountsTowardsItsTimeout(String waited, int status) throws IOException {
        try (TestWorker worker = slow(new Batching(1, 0), ModelConfig.NONE)) {
            byte[] request = request("\"parameters\":{\"timeout\":4000000},");

            UnixHttp.Response answer = worker.infer(request, "Teal-Waited-Millis: " + waited);

            assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10_000})
    void aRequestThatWaitsForLongerThanItsTimeoutIsRefused(int padding) throws IOException {
        try (TestWorker worker = slow(new Batching(1, 0), ModelConfig.NONE)) {
            byte[] impatient = request("\"id\":\"" + "x".repeat(padding) + "\",\"parameters\":{\"timeout\":20000},");
            List<UnixHttp> ahead = send(worker, 40, request(""));

            UnixHttp.Response late = worker.infer(impatient);

            assertThat(late.status()).isEqualTo(503);
            assertThat(Asked.error(late)).isEqualTo("Request timeout expired");
            assertThat(late.header("Teal-Refused")).contains("expired");
            for (UnixHttp connection : ahead) {
                assertThat(connection.read().status()).isEqualTo(200);
                connection.close();
            }
            assertThat(worker.infer(request("\"parameters\":{\"timeout\":60000000},"))
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, identity", "5000, identity", "5000, gzip", "0, deflate"})
    void theMostUrgentGoesBeforeThoseThatCameShortlyBefore(int padding, String encoding) throws IOException {
        try (TestWorker worker = slow(new Batching(1, 0), ModelConfig.NONE)) {
            List<UnixHttp> ahead = send(worker, 40, request("\"parameters\":{\"priority\":20},"));

            String more = "\"id\":\"" + "i".repeat(padding) + "\",\"parameters\":{\"priority\":1},";
            UnixHttp.Response urgent =
                    worker.infer(PackedBodiesTest.packed(encoding, request(more)), "Content-Encoding: " + encoding);

            assertThat(urgent.status()).isEqualTo(200);
            assertThat(worker.status(0).inFlight()).as("others still wait").isPositive();
            for (UnixHttp connection : ahead) {
                assertThat(connection.read().status()).isEqualTo(200);
                connection.close();
            }
        }
    }

    @Test
    void aRunWaitsForMoreRowsWhereItsEndpointAsksForThat() throws Exception {
        RuntimeSettings patient = new RuntimeSettings(1, 1, new Batching(64, HOUR_MICROS), null, null);
        try (TestWorker worker = TestModel.identity(Datatype.FP32, -1, 4).served(patient, DECLARED)) {
            // A size is known after four runs, and the next is tried then: up to three rows are one batch
            for (int i = 0; i < 4; i++) {
                learn(worker);
            }

            Clients.run(worker, 3, 1, (connection, random) -> {
                Tensor given = Batches.matrix(random, 1, 4);
                connection.send(
                        "POST", Asked.PATH, Asked.body(request(given), false).bytes(), "Teal-Deadline-Millis: 20000");
                assertThat(Asked.answer(connection.read()).outputs().getFirst().data())
                        .isEqualTo(given.data());
            });

            await().atMost(LONG).until(() -> batches(worker, 3) >= 1);
        }
    }

    private static void learn(TestWorker worker) throws IOException {
        Tensor row = Asked.floats("x0", new long[] {1, 4}, 1, 2, 3, 4);
        assertThat(worker.infer(Asked.body(request(row), false).bytes(), "Teal-Deadline-Millis: 1000")
                        .status())
                .isEqualTo(200);
    }

    private static InferenceRequest request(Tensor given) {
        return new InferenceRequest(null, List.of(given), List.of());
    }

    private static long batches(TestWorker worker, int size) throws IOException {
        for (JsonNode batch : Asked.statistics(worker).path("batch_stats")) {
            if (batch.path("batch_size").asInt() == size) {
                return batch.path("compute_infer").path("count").asLong();
            }
        }
        return 0;
    }

    @Test
    void aRunThatWaitsForMoreRowsBeginsInTimeForItsOwnRequest() throws Exception {
        RuntimeSettings patient = new RuntimeSettings(1, 1, new Batching(64, HOUR_MICROS), null, null);
        try (TestWorker worker = TestModel.identity(Datatype.FP32, -1, 4).served(patient, DECLARED)) {
            for (int i = 0; i < 6; i++) {
                learn(worker);
            }
        }
    }

    @Test
    void aRunThatWaitsForMoreRowsIsNotTakenForOneThatComputes() throws Exception {
        RuntimeSettings patient = new RuntimeSettings(1, 1, new Batching(64, 100_000), null, null);
        try (TestWorker worker = TestModel.identity(Datatype.FP32, -1, 4).served(patient, DECLARED)) {
            for (int i = 0; i < 16; i++) {
                learn(worker);
            }

            Clients.run(worker, 24, 3, (connection, random) -> {
                Tensor given = Batches.matrix(random, 1, 4);
                connection.send(
                        "POST", Asked.PATH, Asked.body(request(given), false).bytes(), "Teal-Deadline-Millis: 1000");
                assertThat(connection.read().header("Teal-Refused")).isNotEqualTo(Optional.of("saturated"));
            });
        }
    }

    @Test
    void whoLeavesOrIsLateDoesNotDisturbThoseComputedWithThem() throws Exception {
        List<String[]> rows = ExampleRows.read(FRAUD.resolve("test.csv"));
        List<String[]> answers = ExampleRows.read(FRAUD.resolve("v1.expected.csv"));
        try (TestWorker worker = slow(new Batching(64, 0), DECLARED)) {
            Clients.run(worker, 16, 8, (connection, random) -> {
                int row = random.nextInt(rows.size());
                byte[] body = Asked.body(ExampleRows.fraud(rows.subList(row, row + 1)), false, false)
                        .bytes();
                switch (random.nextInt(4)) {
                    case 0 -> {
                        try (UnixHttp leaving = new UnixHttp(worker.inference)) {
                            leaving.send("POST", Asked.PATH, body);
                        }
                    }
                    case 1 -> {
                        connection.send("POST", Asked.PATH, body, "Teal-Deadline-Millis: " + (1 + random.nextInt(30)));
                        assertThat(connection.read().status()).isIn(200, 503, 504);
                    }
                    default -> {
                        connection.send("POST", Asked.PATH, body);
                        List<Tensor> made = Asked.answer(connection.read()).outputs();
                        List<Tensor> expected = ExampleRows.expected(answers.subList(row, row + 1));
                        for (int i = 0; i < expected.size(); i++) {
                            assertThat(new Tolerance(1e-4, 1e-5).difference(expected.get(i), made.get(i)))
                                    .isEmpty();
                        }
                    }
                }
            });
            await().atMost(LONG).until(() -> worker.status(0).inFlight() == 0);
        }
    }

    @Test
    void aLineOfManyRowsTakesNoMoreThoughItHasRoomForRequests() throws Exception {
        List<String[]> rows = ExampleRows.read(FRAUD.resolve("test.csv"));
        byte[] large = Asked.body(ExampleRows.fraud(rows.subList(0, 1_000)), false, false)
                .bytes();
        try (TestWorker worker = slow(new TestWorker(16, 1L << 30), new Batching(1, 0), ModelConfig.NONE)) {
            List<UnixHttp> waiting = send(worker, 12, large);

            int computed = 0;
            for (UnixHttp connection : waiting) {
                UnixHttp.Response response = connection.read();
                if (response.status() == 503) {
                    assertThat(response.header("Teal-Refused")).contains("saturated");
                    assertThat(Asked.error(response)).isEqualTo("Exceeds maximum queue size");
                } else {
                    assertThat(response.status()).isEqualTo(200);
                    computed++;
                }
                connection.close();
            }
            assertThat(computed)
                    .as("2,048 rows wait at most, of sixteen requests")
                    .isBetween(2, 11);
            byte[] larger = Asked.body(ExampleRows.fraud(Collections.nCopies(3_000, rows.getFirst())), false, false)
                    .bytes();
            assertThat(worker.infer(larger).status())
                    .as("more than may wait, and nobody does")
                    .isEqualTo(200);
        }
    }

    private static TestWorker slow(Batching batching, ModelConfig config) throws IOException {
        return slow(new TestWorker(), batching, config);
    }

    private static TestWorker slow(TestWorker worker, Batching batching, ModelConfig config) throws IOException {
        RuntimeSettings runtime = new RuntimeSettings(1, 1, batching, null, null);
        worker.prove(TestModel.with(assignment(SLOW, null, FRAUD_SIGNATURE, runtime), config));
        return worker;
    }

    private static byte[] request(String more) throws IOException {
        String plain = Fraud.request().replaceFirst("\"id\": \"[^\"]*\",", "");
        return plain.replaceFirst("\\{", "{" + more).getBytes(StandardCharsets.UTF_8);
    }

    private static List<UnixHttp> send(TestWorker worker, int requests, byte[] body) throws IOException {
        List<UnixHttp> connections = new ArrayList<>();
        for (int i = 0; i < requests; i++) {
            UnixHttp connection = new UnixHttp(worker.inference);
            connection.send("POST", Asked.PATH, body);
            connections.add(connection);
        }
        return connections;
    }
}
