package dev.teal.worker;

import static dev.teal.worker.TestWorker.FRAUD;
import static dev.teal.worker.TestWorker.FRAUD_SIGNATURE;
import static dev.teal.worker.TestWorker.assignment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.Cases;
import dev.teal.protocol.cell.Batching;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.Tolerance;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Requests of many clients at once: whoever is computed together, each gets the answer that it would get by itself. */
class BatchingTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Tolerance TOLERANCE = new Tolerance(1e-4, 1e-5);
    private static final ModelConfig DECLARED = new ModelConfig(64, null, Map.of(), List.of());
    private static final RuntimeSettings ONE = new RuntimeSettings(1, 1);

    @Test
    void thirtyTwoClientsGetTheirOwnRowsAnswers() throws Exception {
        List<String[]> rows = ExampleRows.read(FRAUD.resolve("test.csv"));
        List<String[]> answers = ExampleRows.read(FRAUD.resolve("v1.expected.csv"));
        try (TestWorker worker = new TestWorker()) {
            worker.prove(assignment(FRAUD.resolve("v1.onnx"), null, FRAUD_SIGNATURE));

            Clients.run(worker, 32, 20, (connection, random) -> {
                int from = random.nextInt(1_900);
                int to = from + 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 4);
                boolean binary = random.nextBoolean();

                List<Tensor> outputs = Clients.ask(
                                connection, ExampleRows.fraud(rows.subList(from, to)), binary, binary)
                        .outputs();

                assertNear(ExampleRows.expected(answers.subList(from, to)), outputs);
            });

            JsonNode statistics = settled(worker, 640);
            assertThat(statistics.path("execution_count").asLong())
                    .as("fewer runs than requests")
                    .isLessThan(640);
            Statistics.assertAddUp(statistics);
        }
    }

    @Test
    void aModelThatMixesRowsIsNeverBatched() throws Exception {
        try (TestWorker worker = TestModel.centred().served()) {
            Clients.run(worker, 16, 25, (connection, random) -> {
                Tensor given = matrix(random, 1 + random.nextInt(3), 4);

                Tensor made = Clients.ask(connection, request(given), false, true)
                        .outputs()
                        .getFirst();

                assertNear(List.of(centred(given)), List.of(made));
            });

            assertThat(settled(worker, 400).path("execution_count").asLong()).isEqualTo(400);
        }
    }

    /** The same model: what it makes is as small as what it is given. */
    @Test
    void aModelThatMixesRowsIsNeverBatchedHoweverSmallItsNumbersAre() throws Exception {
        try (TestWorker worker = TestModel.centred().served()) {
            Clients.run(worker, 16, 25, (connection, random) -> {
                Tensor given = millionths(random, 1 + random.nextInt(3));

                float[] made = Asked.floats(Clients.ask(connection, request(given), true, true)
                        .outputs()
                        .getFirst());

                assertThat(made).containsExactly(Asked.floats(centred(given)), within(1e-11f));
            });

            assertThat(settled(worker, 400).path("execution_count").asLong()).isEqualTo(400);
        }
    }

    @Test
    void aModelOfSmallNumbersThatMixesNothingIsBatched() throws Exception {
        try (TestWorker worker = TestModel.identity(Datatype.FP32, -1, 4).served()) {
            Clients.run(worker, 16, 25, (connection, random) -> {
                Tensor given = millionths(random, 1 + random.nextInt(3));

                assertThat(Clients.ask(connection, request(given), true, true)
                                .outputs()
                                .getFirst()
                                .data())
                        .isEqualTo(given.data());
            });

            assertThat(settled(worker, 400).path("execution_count").asLong()).isLessThan(400);
        }
    }

    private static Tensor millionths(RandomGenerator random, int rows) {
        float[] values = Asked.floats(matrix(random, rows, 4));
        for (int i = 0; i < values.length; i++) {
            values[i] *= 1e-8f;
        }
        return Asked.floats("x0", new long[] {rows, 4}, values);
    }

    private static Tensor centred(Tensor given) {
        float[] values = Asked.floats(given);
        int rows = values.length / 4;
        float[] centred = new float[values.length];
        for (int column = 0; column < 4; column++) {
            double mean = 0;
            for (int row = 0; row < rows; row++) {
                mean += values[row * 4 + column] / rows;
            }
            for (int row = 0; row < rows; row++) {
                centred[row * 4 + column] = (float) (values[row * 4 + column] - mean);
            }
        }
        return Asked.floats("y0", given.shape(), centred);
    }

    @Test
    void anInputThatMixesRowsIsFoundThoughItWasTheSameInAllRequestsFirst() throws Exception {
        try (TestWorker worker = TestModel.biased().served()) {
            Clients.run(worker, 16, 25, (connection, random) -> askBiased(connection, random, 1));
            assertThat(settled(worker, 400).path("execution_count").asLong())
                    .as("batched while it is the same")
                    .isLessThan(400);

            Clients.run(worker, 16, 25, (connection, random) -> askBiased(connection, random, random.nextInt(9)));
        }
    }

    private static void askBiased(UnixHttp connection, RandomGenerator random, float bias) throws IOException {
        float value = random.nextInt(100);
        List<Tensor> inputs = List.of(
                Asked.floats("x0", new long[] {1, 2}, value, -value),
                Asked.floats("x1", new long[] {1, 2}, bias, bias));

        InferenceResponse response =
                Clients.ask(connection, new InferenceRequest(null, inputs, List.of()), false, false);

        assertThat(Asked.floats(response.outputs().getFirst())).containsExactly(value + bias, -value + bias);
    }

    @Test
    void aRowThatFailsFailsAloneAmongItsNeighbours() throws Exception {
        byte[] poison = Files.readAllBytes(FRAUD.resolve("request-poison.json"));
        List<String[]> rows = ExampleRows.read(FRAUD.resolve("test.csv"));
        List<String[]> answers = ExampleRows.read(FRAUD.resolve("v1.expected.csv"));
        try (TestWorker worker = new TestWorker()) {
            worker.prove(TestModel.with(assignment(FRAUD.resolve("bad/faulty.onnx"), null, FRAUD_SIGNATURE), DECLARED));

            Clients.run(worker, 12, 30, (connection, random) -> {
                int row = random.nextInt(rows.size());
                if (random.nextInt(6) == 0) {
                    connection.send("POST", Asked.PATH, poison);
                    UnixHttp.Response response = connection.read();
                    assertThat(response.status()).isEqualTo(500);
                    assertThat(Asked.error(response)).startsWith("the model failed: ");
                } else if (Integer.parseInt(rows.get(row)[8]) < 10) {
                    List<Tensor> outputs = Clients.ask(
                                    connection, ExampleRows.fraud(rows.subList(row, row + 1)), false, false)
                            .outputs();
                    assertNear(ExampleRows.expected(answers.subList(row, row + 1)), outputs);
                }
            });
            await().atMost(LONG).until(() -> worker.status(0).inFlight() == 0);
        }
    }

    @Test
    void rowsOfOtherShapesAndOtherOutputsAreKeptApart() throws Exception {
        try (TestWorker worker = TestModel.twoOutputs().served(new RuntimeSettings(1, 2), DECLARED)) {
            Clients.run(worker, 24, 25, (connection, random) -> {
                Tensor given = matrix(random, 1 + random.nextInt(3), 1 + random.nextInt(3));
                List<String> wanted = List.of(
                                List.of("same"), List.of("negative"), List.of("negative", "same"), List.<String>of())
                        .get(random.nextInt(4));
                boolean binary = random.nextBoolean();

                List<Tensor> outputs = Clients.ask(
                                connection, new InferenceRequest(null, List.of(given), wanted), binary, false)
                        .outputs();

                List<String> names = wanted.size() == 1 ? wanted : List.of("same", "negative");
                assertThat(outputs).extracting(Tensor::name).isEqualTo(names);
                for (Tensor output : outputs) {
                    float[] expected = Asked.floats(given);
                    for (int i = 0; i < expected.length && output.name().equals("negative"); i++) {
                        expected[i] = -expected[i];
                    }
                    assertThat(output.shape()).isEqualTo(given.shape());
                    assertThat(Asked.floats(output)).isEqualTo(expected);
                }
            });

            JsonNode statistics = settled(worker, 600);
            assertThat(statistics.path("execution_count").asLong()).isLessThan(600);
            Statistics.assertAddUp(statistics);
        }
    }

    @Test
    void aModelOfAFixedFirstDimensionIsNotBatched() throws Exception {
        try (TestWorker worker = TestModel.identity(Datatype.FP32, 2, -1).served()) {
            Clients.run(worker, 8, 25, (connection, random) -> {
                Tensor given = matrix(random, 2, 3);

                Tensor made = Clients.ask(connection, request(given), false, false)
                        .outputs()
                        .getFirst();

                assertThat(made.data()).isEqualTo(given.data());
            });

            assertThat(settled(worker, 200).path("execution_count").asLong()).isEqualTo(200);
        }
    }

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

    private static InferenceRequest request(Tensor given) {
        return new InferenceRequest(null, List.of(given), List.of());
    }

    static Tensor matrix(RandomGenerator random, int rows, int columns) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(-1_000, 1_000) / 8f;
        }
        return Asked.floats("x0", new long[] {rows, columns}, values);
    }

    private static void assertNear(List<Tensor> expected, List<Tensor> made) {
        for (int i = 0; i < expected.size(); i++) {
            assertThat(TOLERANCE.difference(expected.get(i), made.get(i))).isEmpty();
        }
    }

    /** Once so many requests are counted, which is a moment after they are answered. */
    private static JsonNode settled(TestWorker worker, long requests) throws IOException {
        await().atMost(LONG)
                .until(() -> Statistics.count(Asked.statistics(worker), "success") == requests
                        && worker.status(0).inFlight() == 0);
        return Asked.statistics(worker);
    }
}
