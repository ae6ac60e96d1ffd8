package dev.teal.worker;

import static dev.teal.worker.Batches.LONG;
import static dev.teal.worker.Batches.assertNear;
import static dev.teal.worker.Batches.matrix;
import static dev.teal.worker.Batches.request;
import static dev.teal.worker.Batches.settled;
import static dev.teal.worker.TestWorker.FRAUD;
import static dev.teal.worker.TestWorker.FRAUD_SIGNATURE;
import static dev.teal.worker.TestWorker.assignment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.Tensor;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Requests of many clients at once: whoever is computed together, each gets the answer that it would get by itself. */
class BatchingTest {
    private static final ModelConfig DECLARED = new ModelConfig(64, null, Map.of(), List.of());

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
}
