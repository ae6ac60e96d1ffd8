package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.error;
import static dev.teal.gateway.GatewayFixture.header;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.gateway.fake.MessageWorker;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.cell.EndpointLimits;
import dev.teal.protocol.cell.InferenceKey;
import dev.teal.protocol.cell.Rate;
import inference.ModelInferRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One request a second, three at once: whoever asks faster is refused before the hundredth request, however slow the machine. */
class RateTest {
    private static final Rate RATE = new Rate(1, 3);
    private static final int MANY = 100;
    private static final String SECRET = "s".repeat(43);
    private static final EndpointLimits KEYED = new EndpointLimits(20_000, 1_000_000, true);

    private static final GatewayFixture gateway = new GatewayFixture();
    private static MessageWorker worker;
    private static GrpcClient client;

    @BeforeAll
    static void start() {
        gateway.worker("rest", Color.BLUE, "1");
        worker = gateway.messageWorker("messages", Color.BLUE, "1");
        gateway.fleet.list(gateway.worker("keyed", Color.BLUE, "1").address(), worker.address());
        gateway.controlPlane.publish(States.blueOnly("rest", 1, new EndpointLimits(20_000, 1_000_000, false, RATE)));
        gateway.controlPlane.publish(States.blueOnly("keyed", 1, KEYED));
        gateway.controlPlane.publish(States.blueOnly("messages", 1, KEYED));
        gateway.controlPlane.keys(key('a'), key('b'), key('c'), key('d'), key('e'));
        gateway.startWithGrpc("--gateway.key-rate=1", "--gateway.key-burst=3")
                .inForce(gateway.controlPlane.publish(
                        States.blueOnly("limited", 1, new EndpointLimits(20_000, 1_000_000, false, RATE))));
        client = new GrpcClient(gateway);
    }

    private static InferenceKey key(char id) {
        return new InferenceKey(String.valueOf(id).repeat(12), Digests.of(SECRET), null);
    }

    private static String bearer(char id) {
        return "Bearer teal_" + String.valueOf(id).repeat(12) + "_" + SECRET;
    }

    @AfterAll
    static void stop() {
        client.close();
        worker.close();
        gateway.close();
    }

    private static List<HttpResponse<String>> untilRefused(String endpoint, String... headers) {
        List<HttpResponse<String>> answers = new ArrayList<>();
        do {
            answers.add(gateway.infer(endpoint, "{}", headers));
        } while (answers.getLast().statusCode() != 429 && answers.size() < MANY);
        return answers;
    }

    @Test
    void givenAKeyThatAsksTooOftenItIsToldWhenToComeBackAndOthersAreNot() {
        double before = gateway.meter("gateway.rate.refusals");
        List<HttpResponse<String>> answers = untilRefused("keyed", "Authorization", bearer('a'));

        assertThat(answers).hasSizeGreaterThan(RATE.burst());
        assertThat(answers.subList(0, answers.size() - 1)).allMatch(answer -> answer.statusCode() == 200);
        HttpResponse<String> refused = answers.getLast();
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(error(refused)).isEqualTo("this key has 1 requests a second, 3 at once; try again later");
        assertThat(Integer.parseInt(header(refused, "Retry-After"))).isBetween(1, 2);
        assertThat(gateway.meter("gateway.rate.refusals")).isGreaterThan(before);
        assertThat(gateway.infer("keyed", "{}", "Authorization", bearer('b')).statusCode())
                .isEqualTo(200);
    }

    @Test
    void givenAnEndpointThatIsAskedTooOftenItIsSaidToWhoeverAsks() {
        // No worker is there for it: a request that is admitted ends in 503, and counts all the same
        List<HttpResponse<String>> answers = untilRefused("limited", "Teal-Deadline-Millis", "1");

        assertThat(answers).hasSizeGreaterThan(RATE.burst());
        assertThat(answers.getLast().statusCode()).isEqualTo(429);
        assertThat(error(answers.getLast())).startsWith("endpoint 'limited' takes 1 requests a second");
    }

    @Test
    void whoIsRefusedIsNotAskedForItsBody() {
        untilRefused("keyed", "Authorization", bearer('c'));
        String answer = "";
        for (int i = 0; i < MANY && !answer.startsWith("HTTP/1.1 429"); i++) {
            try (Socket socket = new Socket("127.0.0.1", gateway.port())) {
                socket.setSoTimeout(30_000);
                socket.getOutputStream()
                        .write(("POST /v2/models/keyed/infer HTTP/1.1\r\nHost: x\r\nAuthorization: " + bearer('c')
                                        + "\r\nExpect: 100-continue\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                answer = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        assertThat(answer).isEqualTo("HTTP/1.1 429");
    }

    @Test
    void givenAKeyThatAsksTooOftenByGrpcItsTrailersSayWhenToComeBack() {
        ModelInferRequest request = GrpcClient.request("messages", "", 1);
        StatusRuntimeException refused = null;
        int answered = 0;
        while (refused == null && answered < MANY) {
            try {
                client.stub("authorization", bearer('d')).modelInfer(request);
                answered++;
            } catch (StatusRuntimeException e) {
                refused = e;
            }
        }

        assertThat(answered).isBetween(RATE.burst(), MANY - 1);
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refused.getStatus().getDescription()).startsWith("this key has 1 requests a second");
        assertThat(refused.getTrailers().get(GrpcClient.key("grpc-retry-pushback-ms")))
                .isIn("1000", "2000");
        assertThat(client.stub("authorization", bearer('e')).modelInfer(request).getModelName())
                .isEqualTo("messages");
    }
}
