package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.oip.Datatype;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of the binary tensor extension. The model gives {@code x0} (UINT8) and {@code x1} (BYTES) back as {@code y0, y1}. */
class BinaryTensorTest {
    private static final String LENGTH = "Inference-Header-Content-Length: ";
    private static final String BOTH = """
            {"inputs":[{"name":"x0","datatype":"UINT8","shape":[3],"parameters":{"binary_data_size":3}},
            {"name":"x1","datatype":"BYTES","shape":[1],"parameters":{"binary_data_size":6}}]}""";
    private static final byte[] BYTES = {7, 8, 9, 2, 0, 0, 0, 'h', 'i'};

    private static TestWorker worker;

    @BeforeAll
    static void start() throws IOException {
        worker = TestModel.identity(List.of(Datatype.UINT8, Datatype.BYTES), -1).served();
    }

    @AfterAll
    static void stop() throws IOException {
        worker.close();
    }

    @Test
    void bytesBehindTheJsonAreTheInputsInTheirOrder() throws IOException {
        UnixHttp.Response response = Asked.infer(worker, Asked.body(BOTH, BYTES));

        assertThat(response.text()).contains("\"data\":[7,8,9]").contains("\"data\":[\"hi\"]");
        assertThat(response.header("Content-Type")).contains("application/json");
        assertThat(response.header("Inference-Header-Content-Length")).isEmpty();
    }

    @Test
    void binaryAndJsonMayBeMixedInEitherDirection() throws IOException {
        String json = """
                {"parameters":{"binary_data_output":true},
                "outputs":[{"name":"y0","parameters":{"binary_data":false}},{"name":"y1"}],
                "inputs":[{"name":"x1","datatype":"BYTES","shape":[1],"parameters":{"binary_data_size":6}},
                {"name":"x0","datatype":"UINT8","shape":[2],"data":[1,2]}]}""";

        UnixHttp.Response response =
                Asked.infer(worker, Asked.body(json, (byte) 2, (byte) 0, (byte) 0, (byte) 0, (byte) 'h', (byte) 'i'));

        assertThat(response.header("Content-Type")).contains("application/octet-stream");
        int jsonBytes = Integer.parseInt(
                response.header("Inference-Header-Content-Length").orElseThrow());
        assertThat(new String(response.body(), 0, jsonBytes, StandardCharsets.UTF_8))
                .contains("{\"name\":\"y0\",\"datatype\":\"UINT8\",\"shape\":[2],\"data\":[1,2]}")
                .contains(
                        "{\"name\":\"y1\",\"datatype\":\"BYTES\",\"shape\":[1],\"parameters\":{\"binary_data_size\":6}}");
        assertThat(response.body()).hasSize(jsonBytes + 6).endsWith(2, 0, 0, 0, 'h', 'i');
    }

    @Test
    void anEmptyBinaryOutputSaysThatItHasNoBytes() throws IOException {
        String json = """
                {"parameters":{"binary_data_output":true},
                "inputs":[{"name":"x0","datatype":"UINT8","shape":[0],"parameters":{"binary_data_size":0}},
                {"name":"x1","datatype":"BYTES","shape":[0]}]}""";

        UnixHttp.Response response = Asked.infer(worker, Asked.body(json));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("Inference-Header-Content-Length")).contains(response.body().length + "");
        assertThat(response.text()).containsSubsequence("\"binary_data_size\":0", "\"binary_data_size\":0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "binary_data_size":3   | "binary_data_size":4   | input byte size mismatch for input 'x0'. Expected 3, got 4
            "binary_data_size":3   | "binary_data_size":2   | input byte size mismatch for input 'x0'. Expected 3, got 2
            "binary_data_size":3   | "binary_data_size":-1  | parameter 'binary_data_size' must be a whole number from 0 to 2147483647
            "binary_data_size":3   | "binary_data_size":"3" | parameter 'binary_data_size' must be a whole number from 0 to 2147483647
            "binary_data_size":3   | "binary_data_size":2147483648 | parameter 'binary_data_size' must be a whole number from 0 to 2147483647
            "binary_data_size":6   | "binary_data_size":7   | unexpected size for input 'x1', expecting 7 bytes, but only 6 are left in the body
            "binary_data_size":6   | "binary_data_size":5   | incomplete string data for inference input 'x1', expecting string of length 2 but only 1 bytes available
            "binary_data_size":6   | "binary_data_size":3   | incomplete string length indicator for inference input 'x1', expecting 4 bytes but only 3 bytes available
            [1],                   | [2],                   | expected 2 strings for inference input 'x1', got 1
            [1],                   | [0],                   | unexpected number of string elements 1 for inference input 'x1', expecting 0
            """)
    void sizesMustAgree(String right, String wrong, String words) throws IOException {
        UnixHttp.Response response = Asked.infer(worker, Asked.body(BOTH.replace(right, wrong), BYTES));

        assertThat(response.status()).isEqualTo(400);
        assertThat(Asked.error(response)).startsWith(words);
    }

    @Test
    void bytesThatNobodyNamesAreRefused() throws IOException {
        byte[] more = java.util.Arrays.copyOf(BYTES, BYTES.length + 1);

        UnixHttp.Response response = Asked.infer(worker, Asked.body(BOTH, more));

        assertThat(response.status()).isEqualTo(400);
        assertThat(Asked.error(response)).startsWith("unexpected additional input data: 1 bytes more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "2147483648", "99999999999999999999", "", "1.5", "0x10"})
    void aHeaderThatIsNoLengthIsRefused(String length) throws IOException {
        Asked.Body body = Asked.body(BOTH, BYTES);
        try (UnixHttp connection = new UnixHttp(worker.inference)) {
            connection.send("POST", Asked.PATH, body.bytes(), LENGTH + length);
            UnixHttp.Response response = connection.read();

            assertThat(response.status()).isEqualTo(400);
            assertThat(Asked.error(response))
                    .isEqualTo("Inference-Header-Content-Length must be a number of bytes from 0 to 2147483647");

            connection.send("POST", Asked.PATH, body.bytes(), body.headers());
            assertThat(connection.read().status()).as("the connection goes on").isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, 100_000})
    void aHeaderThatIsLongerThanTheBodyIsRefused(int length) throws IOException {
        byte[] body = Asked.body(BOTH, BYTES).bytes();

        UnixHttp.Response response = worker.infer(body, LENGTH + length);

        assertThat(response.status()).isEqualTo(400);
        assertThat(Asked.error(response))
                .isEqualTo("inference header size should be in range (0, " + body.length + "), got: " + length);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void aHeaderThatIsOffByOneIsRefused(int off) throws IOException {
        Asked.Body body = Asked.body(BOTH, BYTES);

        assertThat(worker.infer(body.bytes(), LENGTH + (body.jsonBytes() + off)).status())
                .isEqualTo(400);
    }

    @Test
    void aRawRequestNeedsAModelOfOneInput() throws IOException {
        UnixHttp.Response response = worker.infer(BYTES, LENGTH + 0);

        assertThat(response.status()).isEqualTo(400);
        assertThat(Asked.error(response))
                .startsWith("Raw request must only have 1 input (found 1) to be deduced but got 2 inputs");
    }

    @Test
    void aRawRequestOfABatchModelIsOneRow() throws IOException {
        try (TestWorker one = TestModel.identity(Datatype.INT16, -1, 2, -1).served()) {
            UnixHttp.Response response =
                    one.infer(new byte[] {1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8, 0}, LENGTH + 0);
            assertThat(Asked.answer(response).outputs().getFirst().shape()).containsExactly(1, 2, 4);

            UnixHttp.Response odd = one.infer(new byte[] {1, 0, 2}, LENGTH + 0);
            assertThat(odd.status()).isEqualTo(400);
            assertThat(Asked.error(odd)).isEqualTo("input byte size mismatch for input 'x0'. Expected 4, got 3");

            assertThat(Asked.answer(one.infer(TestWorker.NOTHING, LENGTH + 0))
                            .outputs()
                            .getFirst()
                            .shape())
                    .containsExactly(1, 2, 0);
        }
    }

    @Test
    void aRawRequestWhoseShapeCannotBeToldIsRefused() throws IOException {
        try (TestWorker one = TestModel.identity(Datatype.UINT8, -1, -1, -1).served()) {
            UnixHttp.Response response = one.infer(BYTES, LENGTH + 0);

            assertThat(response.status()).isEqualTo(400);
            assertThat(Asked.error(response))
                    .isEqualTo("The shape of the raw input 'x0' can not be deduced because there are more than one"
                            + " variable-sized dimension");
        }
        try (TestWorker one = TestModel.identity(Datatype.BYTES, -1, 2).served()) {
            UnixHttp.Response response = one.infer(BYTES, LENGTH + 0);

            assertThat(response.status()).isEqualTo(400);
            assertThat(Asked.error(response))
                    .startsWith("For BYTES datatype raw input, the model must have input shape [1]");
        }
    }
}
