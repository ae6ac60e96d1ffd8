package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.gateway.fake.FakeWorker;
import dev.teal.gateway.fake.FakeWorker.Act;
import dev.teal.protocol.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies go through as bytes, both ways, and with them the headers that say what they are. */
class PassThroughTest {
    private static final GatewayFixture gateway = new GatewayFixture();
    private static FakeWorker worker;

    @BeforeAll
    static void start() {
        worker = gateway.startServing("fraud");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void forget() {
        worker.script(_ -> new Act.Answer(200));
        worker.heads().clear();
        worker.bodies().clear();
    }

    private static HttpResponse<byte[]> infer(byte[] body, String... headers) {
        HttpRequest.Builder request =
                gateway.request("/v2/models/fraud/infer").POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return gateway.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> infer(String body, String... headers) {
        return infer(body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        new Random(4711).nextBytes(random);
        return random;
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static String error(HttpResponse<byte[]> response) {
        return Json.MAPPER.readTree(response.body()).path("error").asString();
    }

    @Test
    void aBinaryBodyArrivesAsItWasSent() {
        byte[] body = random(100_000);

        infer(body, "Inference-Header-Content-Length", "120", "Content-Type", "application/octet-stream");

        assertThat(worker.bodies().remove()).isEqualTo(body);
        assertThat(worker.heads().remove())
                .containsEntry("inference-header-content-length", "120")
                .containsEntry("content-type", "application/octet-stream");
    }

    @Test
    void whereThereIsNoContentTypeNoneIsMade() {
        infer("{}");

        assertThat(worker.heads().remove())
                .doesNotContainKey("content-type")
                .doesNotContainKey("accept-encoding")
                .doesNotContainKey("content-encoding");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/vnd.teal.infer+protobuf",
                "Application/Vnd.Teal.Infer+Protobuf",
                "application/vnd.teal.infer+protobuf; charset=utf-8"
            })
    void aCallerByRestDoesNotSpeakToAWorkerAsTheGatewayDoes(String type) {
        infer("{}", "Content-Type", type);

        assertThat(worker.heads().remove()).doesNotContainKey("content-type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "GZIP", "identity"})
    void aCompressedBodyIsTheWorkersToRead(String encoding) throws IOException {
        byte[] body = gzip("{\"inputs\":[]}");

        HttpResponse<byte[]> response = infer(
                body, "Content-Encoding", encoding, "Accept-Encoding", "deflate;q=0.5, gzip", "Accept", "text/html");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(worker.bodies().remove()).isEqualTo(body);
        assertThat(worker.heads().remove())
                .containsEntry("content-encoding", encoding)
                .containsEntry("accept-encoding", "deflate;q=0.5, gzip")
                .containsEntry("accept", "text/html");
    }

    @Test
    void anAnswerGoesBackAsTheWorkerGaveIt() throws IOException {
        byte[] body = gzip("{\"outputs\":[]}and more");
        worker.script(_ -> new Act.AnswerBytes(
                200,
                Map.of(
                        "Content-Type", "application/octet-stream",
                        "Content-Encoding", "gzip",
                        "Inference-Header-Content-Length", "14",
                        "Vary", "Accept-Encoding",
                        "X-Secret", "no"),
                body));

        HttpResponse<byte[]> response = infer("{}", "Accept-Encoding", "gzip");

        assertThat(response.body()).isEqualTo(body);
        assertThat(header(response, "Content-Type")).isEqualTo("application/octet-stream");
        assertThat(header(response, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(response, "Inference-Header-Content-Length")).isEqualTo("14");
        assertThat(header(response, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(header(response, "X-Secret")).isEmpty();
        assertThat(header(response, "Teal-Version")).isEqualTo("1");
    }

    @Test
    void aWorkersRefusalOfALargeInflatedBodyGoesBack() throws IOException {
        worker.script(_ -> new Act.AnswerBytes(
                413,
                Map.of("Content-Type", "application/json"),
                "{\"error\":\"over the limit\"}".getBytes(StandardCharsets.UTF_8)));

        HttpResponse<byte[]> response = infer(gzip(" ".repeat(100_000)), "Content-Encoding", "gzip");

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(error(response)).isEqualTo("over the limit");
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "gzip, deflate", "x"})
    void anEncodingThatNobodyReadsIsNotImplemented(String encoding) {
        HttpResponse<byte[]> response = infer(new byte[] {1}, "Content-Encoding", encoding);

        assertThat(response.statusCode()).isEqualTo(501);
        assertThat(header(response, "Accept-Encoding")).isEqualTo("gzip, deflate");
        assertThat(error(response)).contains(encoding);
        assertThat(worker.heads()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -1                   | 'inference header size should be in range (0, 3), got: -1'
            4                    | 'inference header size should be in range (0, 3), got: 4'
            2147483647           | 'inference header size should be in range (0, 3), got: 2147483647'
            2147483648           | 'Unable to parse Inference-Header-Content-Length, got: 2147483648'
            99999999999999999999 | 'Unable to parse Inference-Header-Content-Length, got: 99999999999999999999'
            x                    | 'Unable to parse Inference-Header-Content-Length, got: x'
            1.0                  | 'Unable to parse Inference-Header-Content-Length, got: 1.0'
            """)
    void aHeaderLengthThatCannotBeIsRefused(String length, String error) {
        HttpResponse<byte[]> response = infer(new byte[3], "Inference-Header-Content-Length", length);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error(response)).isEqualTo(error);
        assertThat(worker.heads()).isEmpty();
    }

    @Test
    void aHeaderLengthThatShowsTooLargeAtTheEndIsRefusedToo() {
        HttpResponse<String> response = gateway.send(gateway.request("/v2/models/fraud/infer")
                .header("Inference-Header-Content-Length", "4")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[3])))
                .build());

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(GatewayFixture.error(response)).contains("range (0, 3), got: 4");
        gateway.awaitNoBodies();
    }

    @Test
    void aHeaderLengthIsOfTheInflatedBodySoOnlyTheWorkerCanTell() throws IOException {
        byte[] body = gzip(" ".repeat(100_000));

        HttpResponse<byte[]> response =
                infer(body, "Content-Encoding", "gzip", "Inference-Header-Content-Length", "100000");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(worker.heads().remove()).containsEntry("inference-header-content-length", "100000");
    }

    @Test
    void aRawBodyMayBeEmptyAndAnotherMayNot() {
        assertThat(infer(new byte[0], "Inference-Header-Content-Length", "0").statusCode())
                .isEqualTo(200);
        assertThat(infer(new byte[0]).statusCode()).isEqualTo(400);
    }

    @Test
    void whoSendsManyNumbersAsJsonIsToldOfBinary() {
        String numbers = "{\"data\":[" + "0.125,".repeat(20_000) + "1]}";

        assertThat(header(infer(numbers), "Teal-Hint")).contains("binary");
        assertThat(header(infer(numbers, "Inference-Header-Content-Length", "10"), "Teal-Hint"))
                .isEmpty();
        assertThat(header(infer("{}"), "Teal-Hint")).isEmpty();
    }
}
