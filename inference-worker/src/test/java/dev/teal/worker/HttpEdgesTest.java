package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.oip.Datatype;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What HTTP allows, and what it does not. */
class HttpEdgesTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final byte[] BODY =
            "{\"inputs\":[{\"name\":\"x0\",\"datatype\":\"INT32\",\"shape\":[1],\"data\":[5]}]}".getBytes();
    private static final String POST = "POST " + Asked.PATH + " HTTP/1.1\r\n";

    private static TestWorker worker;

    @BeforeAll
    static void start() throws IOException {
        worker = TestModel.identity(Datatype.INT32, -1).served();
    }

    @AfterAll
    static void stop() throws IOException {
        worker.close();
    }

    @AfterEach
    void nothingIsHeldAfterwards() throws IOException {
        await().atMost(LONG).until(() -> worker.status(0).inFlight() == 0);
        assertThat(worker.infer(BODY).status()).isEqualTo(200);
    }

    @Test
    void leaveToSendIsGivenOnceTheRequestIsAdmitted() throws IOException {
        try (UnixHttp connection = new UnixHttp(worker.inference)) {
            for (int i = 0; i < 3; i++) {
                head(connection, "Expect: 100-continue", "Content-Length: " + BODY.length);
                assertThat(connection.read().status()).isEqualTo(100);
                assertThat(worker.status(0).inFlight()).isEqualTo(1);

                connection.write(BODY);

                assertThat(connection.read().status()).isEqualTo(200);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Teal-Deadline-Millis: 0, 503",
        "Teal-Digest: sha256:other, 503",
        "Inference-Header-Content-Length: x, 400",
        "Content-Encoding: br, 501"
    })
    void leaveToSendIsNotGivenToARequestThatIsRefused(String header, int status) throws IOException {
        try (UnixHttp connection = new UnixHttp(worker.inference)) {
            head(connection, header, "Expect: 100-continue", "Content-Length: " + BODY.length);

            UnixHttp.Response response = connection.read();

            assertThat(response.status()).isEqualTo(status);
            assertThat(response.header("Connection"))
                    .as("what follows can't be told")
                    .contains("close");
            assertThatThrownBy(connection::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aRefusedRequestsBodyIsPassedOverAndTheConnectionGoesOn() throws IOException {
        try (UnixHttp connection = new UnixHttp(worker.inference)) {
            for (int i = 0; i < 3; i++) {
                connection.send("POST", "/v2/models/other/infer", new byte[500_000]);
                assertThat(connection.read().status()).isEqualTo(404);
                connection.send("POST", Asked.PATH, BODY);
                assertThat(connection.read().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleOfItsBodyLeavesNothingBehind() throws IOException {
        try (TestWorker small = TestModel.identity(Datatype.INT32, -1).served()) {
            for (int i = 0; i < 8; i++) {
                try (UnixHttp connection = new UnixHttp(small.inference)) {
                    head(connection, "Content-Length: " + 4_000_000);
                    connection.write(new byte[i * 100_000]);
                    await().atMost(LONG).until(() -> small.status(0).inFlight() == 1);
                }
                await().atMost(LONG).until(() -> small.status(0).inFlight() == 0);
            }
            assertThat(small.drain(0).status()).isEqualTo(200);
            small.drained().join();
        }
    }

    @Test
    void aBodyMayComeInThousandsOfChunks() throws IOException {
        try (UnixHttp connection = new UnixHttp(worker.inference)) {
            connection.write(chunked(BODY, 8_000));
            assertThat(connection.read().status()).isEqualTo(200);

            connection.write(chunked(BODY, 70_000));
            assertThat(connection.read().status()).isEqualTo(413);

            connection.write(chunked(BODY, 0));
            assertThat(connection.read().status()).as("the connection goes on").isEqualTo(200);
        }
    }

    @Test
    void aChunkedBodyOverTheLimitIsRefusedWhenItIsSeen() throws IOException {
        try (UnixHttp connection = new UnixHttp(worker.inference)) {
            head(connection, "Transfer-Encoding: chunked");
            byte[] megabyte = new byte[1 << 20];
            for (int i = 0; i < 5; i++) {
                connection.write("100000\r\n".getBytes());
                connection.write(megabyte);
                connection.write("\r\n".getBytes());
            }
            UnixHttp.Response response = connection.read();
            assertThat(response.status()).isEqualTo(413);
            assertThat(Asked.error(response))
                    .isEqualTo(
                            "the request is larger than the limit of 4194304 bytes; send less at once, or raise bodyLimit in the endpoint's configuration");
            connection.write("0\r\n\r\n".getBytes());

            connection.send("POST", Asked.PATH, BODY);
            assertThat(connection.read().status()).isEqualTo(200);
        }
    }

    @Test
    void bodiesThatSayNoLengthAreBoundedTogetherWhileTheyCome() throws IOException {
        String chunk = "13880\r\n" + " ".repeat(80_000) + "\r\n";
        try (TestWorker small = TestModel.identity(Datatype.INT32, -1).served(100_000);
                UnixHttp first = new UnixHttp(small.inference);
                UnixHttp second = new UnixHttp(small.inference)) {
            head(first, "Transfer-Encoding: chunked");
            first.write((chunk).getBytes());
            await().atMost(LONG).until(() -> small.status(0).inFlight() == 1);

            await().atMost(LONG).until(() -> {
                head(second, "Transfer-Encoding: chunked");
                second.write((chunk + "0\r\n\r\n").getBytes());
                UnixHttp.Response response = second.read();
                return response.header("Teal-Refused")
                        .filter("saturated"::equals)
                        .isPresent();
            });

            first.write(("44\r\n" + new String(BODY) + "\r\n0\r\n\r\n").getBytes());
            assertThat(first.read().status()).isEqualTo(200);
            second.write((POST + "Content-Length: 100001\r\n\r\n").getBytes());
            assertThat(second.read().status()).isEqualTo(503);
            await().atMost(LONG).until(() -> small.status(0).inFlight() == 0);
            assertThat(small.infer(BODY).status()).as("all bytes are free").isEqualTo(200);
        }
    }

    @Test
    void aBodyThatDoesNotComeInTimeGivesItsPlaceBack() throws IOException {
        try (UnixHttp connection = new UnixHttp(worker.inference)) {
            head(connection, "Teal-Deadline-Millis: 50", "Content-Length: " + BODY.length);
            connection.write(java.util.Arrays.copyOf(BODY, 10));

            UnixHttp.Response response = connection.read();

            assertThat(response.status()).isEqualTo(503);
            assertThat(response.header("Teal-Refused")).contains("expired");
            connection.write(java.util.Arrays.copyOfRange(BODY, 10, BODY.length));
            connection.send("POST", Asked.PATH, BODY);
            assertThat(connection.read().status()).as("the connection goes on").isEqualTo(200);
        }
    }

    @Test
    void aChunkThatIsNoneEndsTheConnection() throws IOException {
        try (UnixHttp connection = new UnixHttp(worker.inference)) {
            head(connection, "Transfer-Encoding: chunked");
            connection.write("4\r\n{\"in\r\nzzz\r\n".getBytes());

            assertThatThrownBy(connection::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    void headersHaveALimit() throws IOException {
        try (UnixHttp connection = new UnixHttp(worker.inference)) {
            connection.write(
                    (POST + "X: " + "x".repeat(15_000) + "\r\nContent-Length: " + BODY.length + "\r\n\r\n").getBytes());
            connection.write(BODY);
            assertThat(connection.read().status()).isEqualTo(200);

            connection.write((POST + "X: " + "x".repeat(17_000) + "\r\n\r\n").getBytes());
            UnixHttp.Response response = connection.read();
            assertThat(response.status()).isEqualTo(431);
            assertThat(Asked.error(response)).contains("16 KiB");
            assertThatThrownBy(connection::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    void theLineHasALimit() throws IOException {
        try (UnixHttp connection = new UnixHttp(worker.inference)) {
            connection.write(("GET /v2?" + "x".repeat(8_000) + " HTTP/1.1\r\n\r\n").getBytes());
            assertThat(connection.read().status()).isEqualTo(200);

            connection.write(("GET /v2?" + "x".repeat(9_000) + " HTTP/1.1\r\n\r\n").getBytes());
            UnixHttp.Response response = connection.read();
            assertThat(response.status()).isEqualTo(414);
            assertThat(Asked.error(response)).contains("8 KiB");
        }
    }

    @Test
    void requestsOfAllKindsSentAtOnceAreAnsweredInOrder() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 100; i++) {
            all.writeBytes("GET /v2/health/live HTTP/1.1\r\n\r\n".getBytes());
            all.writeBytes((POST + "Content-Length: " + BODY.length + "\r\n\r\n").getBytes());
            all.writeBytes(BODY);
            all.writeBytes("POST /v2 HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc".getBytes());
            all.writeBytes(chunked("{".getBytes(), 0));
            all.writeBytes("GET /v2/models/other HTTP/1.1\r\n\r\n".getBytes());
        }
        try (UnixHttp connection = new UnixHttp(worker.inference)) {
            Thread writer = Thread.ofPlatform().start(() -> write(connection, all.toByteArray()));
            for (int i = 0; i < 100; i++) {
                for (int status : new int[] {200, 200, 405, 400, 404}) {
                    assertThat(connection.read().status()).as("round %d", i).isEqualTo(status);
                }
            }
            assertThat(writer).satisfies(thread -> thread.join());
        }
    }

    @Test
    void aConnectionThatIsToBeClosedIsClosedAfterTheAnswer() throws IOException {
        try (UnixHttp connection = new UnixHttp(worker.inference)) {
            connection.send("POST", Asked.PATH, BODY, "Connection: close");
            assertThat(connection.read().status()).isEqualTo(200);
            assertThatThrownBy(connection::read).isInstanceOf(IOException.class);
        }
    }

    private static void write(UnixHttp connection, byte[] bytes) {
        try {
            connection.write(bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void head(UnixHttp connection, String... headers) throws IOException {
        connection.write((POST + String.join("\r\n", headers) + "\r\n\r\n").getBytes());
    }

    /** Each byte a chunk, behind so many chunks of a space. */
    private static byte[] chunked(byte[] body, int spaces) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes((POST + "Transfer-Encoding: chunked\r\n\r\n" + "1\r\n \r\n".repeat(spaces)).getBytes());
        for (byte one : body) {
            out.writeBytes(new byte[] {'1', '\r', '\n', one, '\r', '\n'});
        }
        out.writeBytes("0\r\n\r\n".getBytes());
        return out.toByteArray();
    }
}
