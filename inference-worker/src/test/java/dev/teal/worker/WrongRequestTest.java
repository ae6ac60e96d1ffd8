package dev.teal.worker;

import static dev.teal.worker.TestWorker.PRODUCT;
import static dev.teal.worker.TestWorker.PRODUCT_SIGNATURE;
import static dev.teal.worker.TestWorker.assignment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Cases;
import dev.teal.protocol.oip.InferenceJson;
import dev.teal.protocol.oip.InvalidInference;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that can't be, and what is said of them. */
class WrongRequestTest {
    private static TestWorker good;

    @BeforeAll
    static void start() throws IOException {
        good = Fraud.served("v1.onnx");
    }

    @AfterAll
    static void stop() throws IOException {
        good.close();
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
        UnixHttp.Response response =
                good.infer(Fraud.request().replace(right, wrong).getBytes());

        assertThat(response.status()).isEqualTo(400);
        assertThat(Asked.error(response)).contains(message);
    }

    @Test
    void aMissingInputIsCounted() throws IOException {
        UnixHttp.Response response = good.infer("{\"inputs\":[]}".getBytes());

        assertThat(Asked.error(response)).isEqualTo("expected 2 inputs but got 0 inputs for model 'endpoint'");
    }

    @Test
    void aBodyOverTheLimitIsRefusedByItsSize() throws IOException {
        try (UnixHttp connection = new UnixHttp(good.inference)) {
            connection.write("POST /v2/models/endpoint/infer HTTP/1.1\r\nContent-Length: 5000000\r\n\r\n".getBytes());

            UnixHttp.Response response = connection.read();

            assertThat(response.status()).isEqualTo(413);
            assertThat(Asked.error(response)).contains("larger than the limit of 4194304 bytes");
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
        assertThat(good.infer(Fraud.request().getBytes()).status()).isEqualTo(200);
    }

    @Test
    void anUnknownContentEncodingIsRefusedAndTheKnownOnesAreTold() throws IOException {
        UnixHttp.Response refused = good.infer(Fraud.request().getBytes(), "Content-Encoding: br");

        assertThat(refused.status()).isEqualTo(501);
        assertThat(refused.header("Accept-Encoding")).contains("gzip, deflate");
        assertThat(good.infer(Fraud.request().getBytes(), "Content-Encoding: gzip")
                        .status())
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
}
