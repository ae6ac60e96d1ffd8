package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.FakeWorker;
import dev.teal.gateway.fake.FakeWorker.Act;
import dev.teal.gateway.fake.RawConnection;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.EndpointLimits;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Sinks;

/** What a connection may cost. Times are short ones here. */
class ConnectionLimitsTest {
    private static final int CONNECTIONS = 40;
    private static final Duration HEAD_TIME = Duration.ofMillis(400);
    private static final Duration IDLE = Duration.ofMillis(1_500);
    private static final String INFER = "POST /v2/models/fraud/infer HTTP/1.1\r\nHost: x\r\n";
    private static final String CHUNKED = INFER + "Transfer-Encoding: chunked\r\n\r\n";

    private static final GatewayFixture gateway = new GatewayFixture();
    private static FakeWorker worker;

    @BeforeAll
    static void start() {
        worker = gateway.worker("fraud", Color.BLUE, "1");
        gateway.fleet.list(worker.address());
        gateway.start(
                        "--gateway.connections-per-address=" + CONNECTIONS,
                        "--gateway.request-head-time=" + HEAD_TIME.toMillis() + "ms",
                        "--server.netty.idle-timeout=" + IDLE.toMillis() + "ms")
                .inForce(gateway.controlPlane.publish(
                        States.blueOnly("fraud", 1, new EndpointLimits(20_000, 64_000_000, false))));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static RawConnection connect() throws IOException {
        return RawConnection.to(gateway.port());
    }

    private static String headers(int number) {
        StringBuilder headers = new StringBuilder();
        for (int i = 0; i < number; i++) {
            headers.append("X-").append(i).append(": 1\r\n");
        }
        return headers.toString();
    }

    @Test
    void aRequestHasAHundredHeadersAtMost() throws IOException {
        try (RawConnection connection = connect()) {
            assertThat(connection
                            .send("GET /v2 HTTP/1.1\r\nHost: x\r\n" + headers(99) + "\r\n")
                            .head())
                    .startsWith("HTTP/1.1 200");
        }
        try (RawConnection connection = connect()) {
            assertThat(connection
                            .send("GET /v2 HTTP/1.1\r\nHost: x\r\n" + headers(100) + "\r\n")
                            .rest())
                    .startsWith("HTTP/1.1 431");
        }
    }

    @Test
    void aBodyThatIsNoneIsTheCallersMistakeAndNoWorkerSeesIt() throws IOException {
        int before = worker.requests();
        try (RawConnection connection = connect()) {
            assertThat(connection.send(CHUNKED + "2\r\n{}\r\nzz\r\n").rest())
                    .startsWith("HTTP/1.1 400")
                    .contains("{\"error\":");
        }
        gateway.awaitNoBodies();
        gateway.infer("fraud", "{}");
        assertThat(worker.requests()).isEqualTo(before + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"G", "GET /v2 HTTP/1.1\r\n", "GET /v2 HTTP/1.1\r\nHost: x\r\nAcc"})
    void aHeadThatDoesNotEndInTimeEndsTheConnection(String begun) throws IOException {
        try (RawConnection connection = connect()) {
            long startNanos = System.nanoTime();

            String answer = connection.send(begun).rest();

            assertThat(answer).startsWith("HTTP/1.1 408").contains("{\"error\":\"the request's headers");
            assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(HEAD_TIME.toNanos());
        }
    }

    @Test
    void bytesNowAndThenDoNotProlongIt() throws IOException {
        try (RawConnection connection = connect()) {
            connection.send("GET /v2 HTTP/1.1\r\nX: ");
            long startNanos = System.nanoTime();
            await().atMost(LONG).pollInterval(Duration.ofMillis(50)).until(() -> {
                try {
                    connection.send("x");
                    return connection.in().available() > 0;
                } catch (SocketException e) {
                    return true;
                }
            });

            assertThat(System.nanoTime() - startNanos).isLessThan(IDLE.toNanos());
        }
    }

    @Test
    void aSecondRequestOnAConnectionHasItsOwnTimeAndTheWaitBeforeItIsNotInIt() throws IOException {
        try (RawConnection connection = connect()) {
            for (int i = 0; i < 3; i++) {
                connection.send("GET /v2/health/live HTTP/1.1\r\nHost: x\r\n");
                connection.send("\r\n");
                assertThat(connection.head()).startsWith("HTTP/1.1 200");
                assertThat(connection.next(13)).isEqualTo("{\"live\":true}");
                long pauseEndsNanos = System.nanoTime() + HEAD_TIME.toNanos() * 3 / 2;
                await().pollInterval(Duration.ofMillis(20)).until(() -> System.nanoTime() > pauseEndsNanos);
            }
        }
    }

    @Test
    void aSlowAnswerIsNotCutOffByTheHeadOfTheNextRequest() throws IOException {
        Sinks.Empty<Void> answer = Sinks.empty();
        worker.script(body -> body.equals("slow") ? new Act.AnswerLater(answer.asMono()) : new Act.Answer(200));
        try (RawConnection connection = connect()) {
            connection.send(INFER + "Content-Length: 4\r\n\r\nslowGET /v2");
            long pauseEndsNanos = System.nanoTime() + HEAD_TIME.toNanos() * 2;
            await().pollInterval(Duration.ofMillis(20)).until(() -> System.nanoTime() > pauseEndsNanos);
            answer.tryEmitEmpty();

            assertThat(connection.head()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void anIdleConnectionEnds() throws IOException {
        try (RawConnection silent = connect();
                RawConnection used = connect()) {
            long startNanos = System.nanoTime();

            assertThat(used.send("GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n")
                            .rest())
                    .startsWith("HTTP/1.1 200");
            assertThat(silent.rest()).isEmpty();

            assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(IDLE.toNanos());
        }
    }

    @Test
    void aBodyHasOnlySoManyChunks() throws IOException {
        String most = "1\r\nx\r\n".repeat(65_536);
        try (RawConnection connection = connect()) {
            assertThat(connection.send(CHUNKED + most + "0\r\n\r\n").head()).startsWith("HTTP/1.1 200");
        }
        try (RawConnection connection = connect()) {
            String answer =
                    connection.send(CHUNKED + most + "1\r\nx\r\n0\r\n\r\n").rest();

            assertThat(answer).startsWith("HTTP/1.1 413").contains("more than 65536 chunks");
        }
        gateway.awaitNoBodies();
    }

    @Test
    void aBodyThatIsBrokenOffIsNotGivenToAWorker() throws IOException {
        int before = worker.requests();
        try (RawConnection connection = connect()) {
            connection.send(INFER + "Content-Length: 100\r\n\r\n{}");
        }
        try (RawConnection connection = connect()) {
            connection.send(CHUNKED + "2\r\n{}\r\n");
        }
        gateway.awaitNoBodies();
        gateway.infer("fraud", "{}");
        assertThat(worker.requests()).isEqualTo(before + 1);
    }

    @Test
    void aChunkThatComesInPiecesIsOneChunk() throws IOException {
        String chunk = "x".repeat(70_000);
        try (RawConnection connection = connect()) {
            connection.send(CHUNKED + Integer.toHexString(chunk.length()) + "\r\n");
            for (int i = 0; i < chunk.length(); i += 100) {
                connection.send(chunk.substring(i, i + 100));
            }

            assertThat(connection.send("\r\n0\r\n\r\n").head()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void whatNobodyReadsEndsTheConnectionBeforeLong() throws IOException {
        try (RawConnection connection = connect()) {
            connection.send("GET /v2/health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000000\r\n\r\n");
            assertThat(connection.head()).startsWith("HTTP/1.1 200");
            String megabyte = "x".repeat(1_000_000);
            int sent = 0;
            try {
                while (sent < 4_000) {
                    connection.send(megabyte);
                    sent++;
                }
            } catch (SocketException e) {
                // That is what should come
                assertThat(e).isNotNull();
            }

            assertThat(sent).isBetween(7, 100);
        }
    }

    @Test
    void givenAsManyConnectionsAsAnAddressMayHaveTheNextIsToldSo() throws IOException {
        List<RawConnection> open = new ArrayList<>();
        try {
            String answer = "";
            while (answer.isEmpty() && open.size() <= CONNECTIONS) {
                RawConnection next = connect();
                open.add(next);
                answer = next.send("GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n")
                        .head();
                answer = answer.startsWith("HTTP/1.1 200") ? "" : answer;
            }

            assertThat(answer).startsWith("HTTP/1.1 503").containsIgnoringCase("connection: close");
        } finally {
            for (RawConnection connection : open) {
                connection.close();
            }
        }
        await().atMost(LONG).until(() -> {
            try (RawConnection again = connect()) {
                return again.send("GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n")
                        .head()
                        .startsWith("HTTP/1.1 200");
            }
        });
    }
}
