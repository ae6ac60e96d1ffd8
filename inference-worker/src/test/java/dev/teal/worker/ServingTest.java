package dev.teal.worker;

import static dev.teal.worker.TestWorker.FRAUD;
import static dev.teal.worker.TestWorker.FRAUD_SIGNATURE;
import static dev.teal.worker.TestWorker.PRODUCT_SIGNATURE;
import static dev.teal.worker.TestWorker.assignment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Cases;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceJson;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.RandomTensors;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.Tolerance;
import dev.teal.worker.onnx.IdentityModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServingTest {
    private static final Tolerance TOLERANCE = new Tolerance(1e-4, 2e-6);

    private static TestWorker good;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void start() throws IOException {
        good = Fraud.served("v1.onnx");
    }

    @AfterAll
    static void stop() throws IOException {
        good.close();
    }

    @ParameterizedTest
    @CsvSource({
        "fraud-detection, v1",
        "fraud-detection, v2",
        "product-categorization, v1",
        "product-categorization, v2",
        "product-categorization, v3"
    })
    void allRowsOfTheExamplesGetTheirRightAnswers(String family, String version) throws IOException {
        Path folder = TestWorker.MODELS.resolve(family);
        boolean fraud = family.equals("fraud-detection");
        List<String[]> rows = ExampleRows.read(folder.resolve("test.csv"));
        List<String[]> answers = ExampleRows.read(folder.resolve(version + ".expected.csv"));
        try (TestWorker worker = new TestWorker()) {
            worker.prove(
                    assignment(folder.resolve(version + ".onnx"), null, fraud ? FRAUD_SIGNATURE : PRODUCT_SIGNATURE));
            int from = 0;
            for (int size = 1; from < rows.size(); size = size % 97 + 16) {
                int to = Math.min(rows.size(), from + size);
                List<String[]> batch = rows.subList(from, to);

                List<Tensor> outputs = Asked.answer(worker.infer(
                                InferenceJson.write(fraud ? ExampleRows.fraud(batch) : ExampleRows.product(batch))))
                        .outputs();

                List<Tensor> expected = ExampleRows.expected(answers.subList(from, to));
                for (int i = 0; i < expected.size(); i++) {
                    assertThat(TOLERANCE.difference(expected.get(i), outputs.get(i)))
                            .as("rows from %d", from)
                            .isEmpty();
                }
                from = to;
            }
            assertThat(from).isEqualTo(2000);
        }
    }

    @Test
    void everyDatatypePassesThroughUnchanged() throws Exception {
        Datatype[] byJson =
                EnumSet.complementOf(EnumSet.of(Datatype.FP16, Datatype.BF16)).toArray(Datatype[]::new);
        IdentityModel model = new IdentityModel(byJson);
        Path artifact = Files.write(temporary.resolve("model"), model.bytes());
        try (TestWorker worker = new TestWorker();
                UnixHttp connection = new UnixHttp(worker.inference)) {
            worker.prove(assignment(artifact, null, model.signature()));
            Cases.forAll(200, random -> {
                List<Tensor> inputs = new ArrayList<>();
                for (Datatype datatype : byJson) {
                    inputs.add(RandomTensors.next(random, IdentityModel.input(datatype), datatype, random.nextInt(6)));
                }
                byte[] body = InferenceJson.write(new InferenceRequest("id", inputs, List.of()));

                connection.send("POST", "/v2/models/endpoint/versions/7/infer", body);
                InferenceResponse response =
                        InferenceJson.readResponse(connection.read().body());

                assertThat(response.id()).isEqualTo("id");
                assertThat(response.modelName()).isEqualTo("endpoint");
                assertThat(response.modelVersion()).isEqualTo("7");
                for (int i = 0; i < inputs.size(); i++) {
                    assertThat(response.outputs().get(i).data())
                            .isEqualTo(inputs.get(i).data());
                }
            });
        }
    }

    @Test
    void aMillionBytesOfTensorPassThrough() throws IOException {
        IdentityModel model = new IdentityModel(Datatype.FP32);
        Path artifact = Files.write(temporary.resolve("model"), model.bytes());
        Tensor given = RandomTensors.next(RandomGenerator.getDefault(), "in_FP32", Datatype.FP32, 250_000);
        try (TestWorker worker = new TestWorker()) {
            worker.prove(assignment(artifact, null, model.signature()));

            List<Tensor> outputs = Asked.answer(
                            worker.infer(InferenceJson.write(new InferenceRequest(null, List.of(given), List.of()))))
                    .outputs();

            assertThat(outputs.getFirst().data()).isEqualTo(given.data());
        }
    }

    @Test
    void onlyTheOutputsAskedForComeBack() throws IOException {
        String body = Fraud.request().replaceFirst("\\{", "{\"outputs\":[{\"name\":\"probabilities\"}],");

        List<Tensor> outputs = Asked.answer(good.infer(body.getBytes())).outputs();

        assertThat(outputs).extracting(Tensor::name).containsExactly("probabilities");
    }

    @Test
    void aModelThatFailsOnARequestFailsThatRequestAlone() throws IOException {
        try (TestWorker worker = Fraud.served("bad/faulty.onnx")) {
            UnixHttp.Response poison = worker.infer(Files.readAllBytes(FRAUD.resolve("request-poison.json")));

            assertThat(poison.status()).isEqualTo(500);
            assertThat(Asked.error(poison)).startsWith("the model failed: ").doesNotContain("/onnxruntime");
            assertThat(worker.infer(Fraud.request().getBytes()).status()).isEqualTo(200);
        }
    }

    @Test
    void aDigestAskedForMustBeTheOneThatRuns() throws IOException {
        String digest = good.status(0).digest();
        String other = "Teal-Digest: sha256:" + "0".repeat(64);

        assertThat(good.get("/v2/health/ready", "Teal-Digest: " + digest).status())
                .isEqualTo(200);
        assertThat(good.get("/v2/health/ready", other).status()).isEqualTo(503);
        UnixHttp.Response right = good.infer(Fraud.request().getBytes(), "Teal-Digest: " + digest);
        assertThat(right.status()).isEqualTo(200);
        assertThat(right.header("Teal-Digest")).contains(digest);
        UnixHttp.Response wrong = good.infer(Fraud.request().getBytes(), other);
        assertThat(wrong.status()).isEqualTo(503);
        assertThat(wrong.header("Teal-Refused")).contains("wrong-digest");
    }

    @Test
    void anUnassignedWorkerLivesAndRefuses() throws IOException {
        try (TestWorker worker = new TestWorker()) {
            assertThat(worker.get("/v2/health/live").status()).isEqualTo(200);
            assertThat(worker.get("/v2/health/ready").status()).isEqualTo(503);
            UnixHttp.Response refused = worker.infer(Fraud.request().getBytes());
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Teal-Refused")).contains("draining");
        }
    }

    @Test
    void requestsSentAtOnceAreAnsweredInOrder() throws IOException {
        try (UnixHttp connection = new UnixHttp(good.inference)) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < 100; i++) {
                byte[] body =
                        Fraud.request().replace("\"request\"", "\"" + i + "\"").getBytes();
                all.writeBytes(
                        ("POST /v2/models/endpoint/infer HTTP/1.1\r\nContent-Length: " + body.length + "\r\n\r\n")
                                .getBytes());
                all.writeBytes(body);
            }

            connection.write(all.toByteArray());

            for (int i = 0; i < 100; i++) {
                assertThat(InferenceJson.readResponse(connection.read().body()).id())
                        .isEqualTo(Integer.toString(i));
            }
        }
    }
}
