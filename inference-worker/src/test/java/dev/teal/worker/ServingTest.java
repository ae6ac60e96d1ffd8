package dev.teal.worker;

import static dev.teal.worker.TestWorker.FRAUD;
import static dev.teal.worker.TestWorker.FRAUD_SIGNATURE;
import static dev.teal.worker.TestWorker.NOTHING;
import static dev.teal.worker.TestWorker.PRODUCT;
import static dev.teal.worker.TestWorker.PRODUCT_SIGNATURE;
import static dev.teal.worker.TestWorker.assignment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Cases;
import dev.teal.protocol.Json;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceJson;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RandomTensors;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.Tolerance;
import dev.teal.worker.onnx.IdentityModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServingTest {
    private static final Tolerance TOLERANCE = new Tolerance(1e-4, 2e-6);

    private static TestWorker good;

    @TempDir
    private Path temporary;

    @BeforeAll
    static void start() throws IOException {
        good = fraud("v1.onnx");
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

                List<Tensor> outputs = outputs(worker.infer(
                        InferenceJson.write(fraud ? ExampleRows.fraud(batch) : ExampleRows.product(batch))));

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

            List<Tensor> outputs =
                    outputs(worker.infer(InferenceJson.write(new InferenceRequest(null, List.of(given), List.of()))));

            assertThat(outputs.getFirst().data()).isEqualTo(given.data());
        }
    }

    @Test
    void onlyTheOutputsAskedForComeBack() throws IOException {
        String body = request().replaceFirst("\\{", "{\"outputs\":[{\"name\":\"probabilities\"}],");

        List<Tensor> outputs = outputs(good.infer(body.getBytes()));

        assertThat(outputs).extracting(Tensor::name).containsExactly("probabilities");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            "name": "features"        | "name": "other"             | unexpected inference input 'other' for model 'endpoint'
            "datatype": "FP32"        | "datatype": "FP64"          | inference input 'features' data-type is 'FP64', but model 'endpoint' expects 'FP32'
            "shape": [1, 8]           | "shape": [8]                | unexpected shape for input 'features' for model 'endpoint'. Expected [-1,8], got [8]
            "shape": [1, 8]           | "shape": [1, 9]             | has a shape of 9 elements, and 8 in 'data'
            {"id"                     | {"outputs":[{"name":"x"}],"id" | unexpected inference output 'x' for model 'endpoint'
            "data": [2]               | "data": [2.5]               | element 0 of 'merchant_category' must be a whole number
            "name": "merchant_category" | "name": "features"        | input 'features' already exists in request
            """)
    void aWrongRequestIsToldWhatIsWrong(String right, String wrong, String message) throws IOException {
        UnixHttp.Response response = good.infer(request().replace(right, wrong).getBytes());

        assertThat(response.status()).isEqualTo(400);
        assertThat(error(response)).contains(message);
    }

    @Test
    void aMissingInputIsCounted() throws IOException {
        UnixHttp.Response response = good.infer("{\"inputs\":[]}".getBytes());

        assertThat(error(response)).isEqualTo("expected 2 inputs but got 0 inputs for model 'endpoint'");
    }

    @Test
    void aModelThatFailsOnARequestFailsThatRequestAlone() throws IOException {
        try (TestWorker worker = fraud("bad/faulty.onnx")) {
            UnixHttp.Response poison = worker.infer(Files.readAllBytes(FRAUD.resolve("request-poison.json")));

            assertThat(poison.status()).isEqualTo(500);
            assertThat(error(poison)).startsWith("the model failed: ").doesNotContain("/onnxruntime");
            assertThat(worker.infer(request().getBytes()).status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            GET    | /v2                                    | 200 | {"name":"teal"
            GET    | /v2/health/live                        | 200 | {"live":true}
            GET    | /v2/health/ready                       | 200 | {"ready":true}
            POST   | /v2/health/ready                       | 405 | Method Not Allowed
            GET    | /v2/health/other                       | 404 | there is nothing at
            GET    | /v2/models/endpoint                    | 200 | "platform":"onnxruntime_onnx"
            GET    | /v2/models/endpoint/versions/7         | 200 | "versions":["7"]
            GET    | /v2/models/endpoint/ready              | 200 | "ready":true
            GET    | /v2/models/endpoint/versions/7/ready   | 200 | "ready":true
            GET    | /v2/models/endpoint/versions/8/ready   | 404 | 'endpoint' version 8 is not found
            GET    | /v2/models/other                       | 404 | Request for unknown model: 'other' is not found
            POST   | /v2/models/other/infer                 | 404 | Request for unknown model: 'other' is not found
            POST   | /v2/models/endpoint/versions/8/infer   | 404 | Request for unknown model: 'endpoint' version 8 is not found
            GET    | /v2/models/endpoint/infer              | 405 | Method Not Allowed
            POST   | /v2/models/endpoint                    | 405 | Method Not Allowed
            GET    | /v2/models/endpoint/other              | 404 | there is nothing at
            GET    | /v2/models/endp%6Fint                  | 200 | "name":"endpoint"
            GET    | /v2/models/%2                          | 400 | percent-encoded
            GET    | /v2/models                             | 404 | there is nothing at
            GET    | /                                      | 404 | there is nothing at
            GET    | /v2/models/a/versions/b/c/d/e/f/g      | 404 | there is nothing at
            """)
    void thePathsAreTheProtocols(String method, String path, int status, String body) throws IOException {
        UnixHttp.Response response = UnixHttp.once(good.inference, method, path, NOTHING);

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.text()).contains(body);
    }

    @Test
    void aDigestAskedForMustBeTheOneThatRuns() throws IOException {
        String digest = good.status(0).digest();
        String other = "Teal-Digest: sha256:" + "0".repeat(64);

        assertThat(good.get("/v2/health/ready", "Teal-Digest: " + digest).status())
                .isEqualTo(200);
        assertThat(good.get("/v2/health/ready", other).status()).isEqualTo(503);
        UnixHttp.Response right = good.infer(request().getBytes(), "Teal-Digest: " + digest);
        assertThat(right.status()).isEqualTo(200);
        assertThat(right.header("Teal-Digest")).contains(digest);
        UnixHttp.Response wrong = good.infer(request().getBytes(), other);
        assertThat(wrong.status()).isEqualTo(503);
        assertThat(wrong.header("Teal-Refused")).contains("wrong-digest");
    }

    @Test
    void anUnassignedWorkerLivesAndRefuses() throws IOException {
        try (TestWorker worker = new TestWorker()) {
            assertThat(worker.get("/v2/health/live").status()).isEqualTo(200);
            assertThat(worker.get("/v2/health/ready").status()).isEqualTo(503);
            UnixHttp.Response refused = worker.infer(request().getBytes());
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Teal-Refused")).contains("draining");
        }
    }

    @Test
    void requestsSentAtOnceAreAnsweredInOrder() throws IOException {
        try (UnixHttp connection = new UnixHttp(good.inference)) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < 100; i++) {
                byte[] body = request().replace("\"request\"", "\"" + i + "\"").getBytes();
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

    @Test
    void aBodyOverTheLimitIsRefusedByItsSize() throws IOException {
        try (UnixHttp connection = new UnixHttp(good.inference)) {
            connection.write("POST /v2/models/endpoint/infer HTTP/1.1\r\nContent-Length: 5000000\r\n\r\n".getBytes());

            UnixHttp.Response response = connection.read();

            assertThat(response.status()).isEqualTo(413);
            assertThat(error(response)).contains("larger than the limit of 4194304 bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nonsense\r\n\r\n", "POST /v2/models/endpoint/infer HTTP/1.1\r\nContent-Length: -5\r\n\r\n"})
    void whatIsNotHttpEndsTheConnectionAndNotTheWorker(String bytes) throws IOException {
        try (UnixHttp connection = new UnixHttp(good.inference)) {
            connection.write(bytes.getBytes());

            assertThat(connection.read().status()).isEqualTo(400);
        }
        assertThat(good.infer(request().getBytes()).status()).isEqualTo(200);
    }

    @Test
    void anUnknownContentEncodingIsRefusedAndTheKnownOnesAreTold() throws IOException {
        UnixHttp.Response refused = good.infer(request().getBytes(), "Content-Encoding: br");

        assertThat(refused.status()).isEqualTo(501);
        assertThat(refused.header("Accept-Encoding")).contains("gzip, deflate");
        assertThat(good.infer(request().getBytes(), "Content-Encoding: gzip").status())
                .isEqualTo(400);
    }

    @Test
    void malformedBodiesGetFourHundredsAndTheWorkerLives() throws Exception {
        byte[] good = Files.readAllBytes(PRODUCT.resolve("request-batch.json"));
        AtomicInteger malformed = new AtomicInteger();
        try (TestWorker worker = new TestWorker();
                UnixHttp connection = new UnixHttp(worker.inference)) {
            worker.prove(assignment(PRODUCT.resolve("v1.onnx"), null, PRODUCT_SIGNATURE));
            Cases.forAll(1_500, random -> {
                byte[] body = mutated(random, good);

                connection.send("POST", "/v2/models/endpoint/infer", body);

                int status = connection.read().status();
                assertThat(status).isIn(200, 400);
                if (!readable(body)) {
                    malformed.incrementAndGet();
                    assertThat(status).isEqualTo(400);
                }
            });

            assertThat(malformed.get()).isGreaterThan(1_000);
            assertThat(worker.infer(good).status()).isEqualTo(200);
        }
    }

    private static boolean readable(byte[] body) {
        try {
            InferenceJson.readRequest(body);
            return true;
        } catch (InvalidInference e) {
            return false;
        }
    }

    private static byte[] mutated(RandomGenerator random, byte[] good) {
        byte[] body = good.clone();
        switch (random.nextInt(4)) {
            case 0 -> body = Arrays.copyOf(body, random.nextInt(body.length));
            case 1 -> random.nextBytes(body);
            default -> {
                for (int i = random.nextInt(20); i >= 0; i--) {
                    body[random.nextInt(body.length)] = (byte) "[]{}\",:0e-\\\0".charAt(random.nextInt(12));
                }
            }
        }
        return body;
    }

    private static TestWorker fraud(String artifact) throws IOException {
        TestWorker worker = new TestWorker();
        worker.prove(assignment(FRAUD.resolve(artifact), null, FRAUD_SIGNATURE));
        return worker;
    }

    private static String request() throws IOException {
        return Files.readString(FRAUD.resolve("request.json"));
    }

    private static List<Tensor> outputs(UnixHttp.Response response) {
        assertThat(response.status()).as(response.text()).isEqualTo(200);
        return InferenceJson.readResponse(response.body()).outputs();
    }

    private static String error(UnixHttp.Response response) {
        return Json.MAPPER
                .readTree(new String(response.body(), StandardCharsets.UTF_8))
                .path("error")
                .asString();
    }
}
