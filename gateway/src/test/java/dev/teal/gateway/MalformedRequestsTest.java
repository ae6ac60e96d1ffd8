package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.FakeWorker;
import dev.teal.gateway.fake.FakeWorker.Act;
import dev.teal.gateway.fake.RawConnection;
import dev.teal.protocol.Json;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Sinks;

/** Whatever is sent, a refusal says why, as JSON; and where it can't be told any more where the next request begins, the connection ends. */
class MalformedRequestsTest {
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

    private record Told(String head, String error) {
        static Told read(RawConnection connection) throws IOException {
            String head = connection.head();
            Map<?, ?> body = Json.MAPPER.readValue(connection.body(head), Map.class);
            assertThat(body.keySet().toString()).isEqualTo("[error]");
            assertThat(head).containsIgnoringCase("content-type: application/json");
            return new Told(head, body.get("error").toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/models/fraud%2",
                "/v2/models/%",
                "/v2/models/%4",
                "/v2/models/%zz/infer",
                "/v2/models/%zz/ready",
                "/v2/models/a|b",
                "/v2/models/a{b}",
                "/v2/models/[x]",
                "/v2/models/a^b",
                "/v2/models/a\"b",
                "/v2/models/a\\b",
                "/v2/models/fraud?x=%zz",
                "/v2/models/fraud?a|b"
            })
    void whatIsNoUriIsToldSoAndTheConnectionGoesOn(String path) throws IOException {
        try (RawConnection connection = RawConnection.to(gateway.port())) {
            Told told = Told.read(connection.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"));

            assertThat(told.head()).startsWith("HTTP/1.1 400").doesNotContainIgnoringCase("connection: close");
            assertThat(told.error()).contains("percent-encoded");
            assertThat(connection
                            .send("GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n")
                            .head())
                    .startsWith("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "x:y", "[::", "a|b", "x:99999"})
    void aHostThatIsNoneIsAnswered(String host) throws IOException {
        try (RawConnection connection = RawConnection.to(gateway.port())) {
            connection.send("GET /v2/nothing HTTP/1.1\r\nHost: " + host + "\r\n\r\n");

            assertThat(Told.read(connection).head()).containsPattern("^HTTP/1.1 40[04]");
        }
    }

    static Stream<String> lost() {
        String get = "GET /v2 HTTP/1.1\r\nHost: x\r\n";
        String post = "POST /v2/models/fraud/infer HTTP/1.1\r\nHost: x\r\n";
        return Stream.of(
                "400|" + post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "400|" + post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n",
                "400|" + post + "Content-Length: -1\r\n\r\n{}",
                "400|" + post + "Content-Length: two\r\n\r\n{}",
                "400|" + post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                "400|" + post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                "400|GET /v2 HTTP/1.1\nHost: x\n\n",
                "400|" + get + "A B: 1\r\n\r\n",
                "400|" + get + "Bad Header: 1\r\nConnection: close\r\n\r\n",
                "400|" + get + ": 1\r\n\r\n",
                "400|\u0001\u0002\u0003\r\n\r\n",
                "400|nonsense\r\n\r\n",
                "400|GET\r\n\r\n",
                "400|GET /v2 HTTP/x\r\n\r\n",
                "414|GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                "414|GET /v2?" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
                "431|" + get + "X: " + "a".repeat(17_000) + "\r\n\r\n",
                "431|" + get + "X: " + "a".repeat(20_000) + "\r\n\r\n",
                "431|" + get + "X: 1\r\n".repeat(150) + "\r\n");
    }

    @ParameterizedTest
    @MethodSource("lost")
    void whatIsNoRequestIsToldSoAndTheConnectionEnds(String statusAndText) throws IOException {
        int before = worker.requests();
        int bar = statusAndText.indexOf('|');
        try (RawConnection connection = RawConnection.to(gateway.port())) {
            Told told = Told.read(connection.send(statusAndText.substring(bar + 1)));

            assertThat(told.head())
                    .startsWith("HTTP/1.1 " + statusAndText.substring(0, bar))
                    .containsIgnoringCase("connection: close");
            assertThat(told.error()).isNotEmpty();
            assertThat(connection.rest()).isEmpty();
        }
        assertThat(worker.requests()).isEqualTo(before);
    }

    @Test
    void anErrorToAHeadRequestHasNoBody() throws IOException {
        try (RawConnection connection = RawConnection.to(gateway.port())) {
            assertThat(connection
                            .send("HEAD /v2/models/% HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                            .rest())
                    .startsWith("HTTP/1.1 400")
                    .endsWith("\r\n\r\n");
        }
    }

    @Test
    void givenWhatIsNoneBehindARequestThatIsComputedThatOneIsAnsweredFirst() throws IOException {
        Sinks.Empty<Void> answer = Sinks.empty();
        worker.script(body -> body.equals("slow") ? new Act.AnswerLater(answer.asMono()) : new Act.Answer(200));
        int before = worker.requests();
        try (RawConnection connection = RawConnection.to(gateway.port())) {
            connection.send("POST /v2/models/fraud/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nslow");
            await().atMost(LONG).until(() -> worker.requests() == before + 1);
            connection.send("nonsense\r\n\r\n");
            assertThat(gateway.infer("fraud", "{}").statusCode()).isEqualTo(200);
            answer.tryEmitEmpty();

            String first = connection.head();
            assertThat(first).startsWith("HTTP/1.1 200");
            connection.body(first);
            assertThat(Told.read(connection).head()).startsWith("HTTP/1.1 400");
            assertThat(connection.rest()).isEmpty();
        }
    }
}
