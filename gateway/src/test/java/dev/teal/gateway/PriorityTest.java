package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.FakeFleet.Wake;
import dev.teal.gateway.fake.FakeWorker;
import dev.teal.gateway.fake.FakeWorker.Act;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Whose turn it is at a worker that computes one request and holds four, so that all others wait in the gateway. */
class PriorityTest {
    private static final GatewayFixture gateway = new GatewayFixture();
    private static final Waiting waiting = new Waiting(gateway);

    @BeforeAll
    static void start() {
        gateway.controlPlane.publish(States.blueOnly("first", 1, States.LIMITS));
        gateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** How a client writes its request. */
    private enum Form {
        BEFORE_THE_INPUTS,
        BEHIND_THE_INPUTS,
        BINARY,
        GZIP,
        DEFLATE;

        private static final String NUMBERS = "0.25,".repeat(5_000) + "1";
        private static final String INPUTS = "\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[5001],%s}]";

        Request of(int priority) {
            String parameters = "\"parameters\":{\"priority\":" + priority + "}";
            String data = INPUTS.formatted("\"data\":[" + NUMBERS + "]");
            String json = "{" + parameters + "," + data + "}";
            return switch (this) {
                case BEFORE_THE_INPUTS -> new Request(bytes(json), Map.of());
                case BEHIND_THE_INPUTS -> new Request(bytes("{" + data + "," + parameters + "}"), Map.of());
                case BINARY -> {
                    String head = "{" + INPUTS.formatted("\"parameters\":{\"binary_data_size\":20004}") + ","
                            + parameters + "}";
                    yield new Request(
                            Arrays.copyOf(bytes(head), head.length() + 20_004),
                            Map.of("Inference-Header-Content-Length", String.valueOf(head.length())));
                }
                case GZIP, DEFLATE ->
                    new Request(packed(bytes(json)), Map.of("Content-Encoding", name().toLowerCase(Locale.ROOT)));
            };
        }

        private byte[] packed(byte[] plain) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (OutputStream out = this == GZIP ? new GZIPOutputStream(packed) : new DeflaterOutputStream(packed)) {
                out.write(plain);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return packed.toByteArray();
        }
    }

    private record Request(byte[] body, Map<String, String> head) {
        static Request of(String body) {
            return new Request(bytes(body), Map.of());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static CompletableFuture<HttpResponse<String>> send(String endpoint, Request request) {
        HttpRequest.Builder call = gateway.request("/v2/models/" + endpoint + "/infer")
                .POST(HttpRequest.BodyPublishers.ofByteArray(request.body()));
        request.head().forEach(call::header);
        return gateway.http.sendAsync(call.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static int status(CompletableFuture<HttpResponse<String>> answer) {
        return answer.join().statusCode();
    }

    /** A worker that holds each of its first four requests as long as its gate is shut. */
    private static FakeWorker busy(String endpoint, Mono<Void> gate, Mono<Void> otherGates) {
        FakeWorker worker = gateway.worker(endpoint, Color.BLUE, "1", 1).script(body -> switch (body) {
            case "{\"held\":0}" -> new Act.AnswerLater(gate);
            case "{\"held\":1}", "{\"held\":2}", "{\"held\":3}" -> new Act.AnswerLater(otherGates);
            default -> new Act.Answer(body.startsWith("malformed") ? 400 : 200);
        });
        gateway.fleet.add(worker.address());
        gateway.inForce(gateway.controlPlane.publish(States.blueOnly(endpoint, 1, States.LIMITS)));
        return worker;
    }

    private static List<CompletableFuture<HttpResponse<String>>> hold(String endpoint, FakeWorker worker) {
        List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            held.add(send(endpoint, Request.of("{\"held\":" + n + "}")));
        }
        await().atMost(LONG).until(() -> worker.requests() == 4);
        return held;
    }

    private static List<String> bodies(FakeWorker worker) {
        return worker.bodies().stream()
                .map(body -> new String(body, StandardCharsets.UTF_8))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void givenABusyWorkerTheUrgentAreServedFirstAndWhatCanNotBeReadAsTheDefault(Form form) {
        String endpoint = form.name().toLowerCase(Locale.ROOT).replace('_', '-');
        Sinks.Empty<Void> gate = Sinks.empty();
        Sinks.Empty<Void> otherGates = Sinks.empty();
        FakeWorker worker = busy(endpoint, gate.asMono(), otherGates.asMono());
        List<CompletableFuture<HttpResponse<String>>> held = hold(endpoint, worker);
        List<Request> requests =
                List.of(form.of(20), form.of(1), Request.of("malformed: {\"parameters\":{\"priority\":\"1\"}"));

        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (Request request : requests) {
            answers.add(send(endpoint, request));
            waiting.untilQueued(endpoint, answers.size());
        }
        gate.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);

        assertThat(answers.stream().map(PriorityTest::status)).containsExactly(200, 200, 400);
        assertThat(List.copyOf(worker.bodies()).subList(4, 7))
                .containsExactly(
                        requests.get(1).body(),
                        requests.get(2).body(),
                        requests.get(0).body());
        otherGates.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(held.stream().map(PriorityTest::status)).containsOnly(200);
    }

    @Test
    void givenAWorkerThatDiesWhatItHeldKeepsItsPriorityAndComesBeforeWhoCameLater() {
        FakeWorker victim = gateway.worker("killed", Color.BLUE, "1", 1).script(_ -> new Act.Hang());
        FakeWorker other = gateway.worker("killed", Color.BLUE, "1", 1);
        Sinks.Empty<Void> gate = Sinks.empty();
        other.script(_ -> new Act.AnswerLater(gate.asMono()));
        CountDownLatch awake = new CountDownLatch(1);
        gateway.fleet.onWake(States.environmentId("killed", Color.BLUE), _ -> {
            until(awake);
            return new Wake.Ready(other.address());
        });
        gateway.fleet.add(victim.address());
        gateway.inForce(gateway.controlPlane.publish(States.blueOnly("killed", 1, States.LIMITS)));
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (String held : List.of(small("first", 2), small("second", 2), small("third", 2), small("low", 20))) {
            answers.add(send("killed", Request.of(held)));
        }
        await().atMost(LONG).until(() -> victim.requests() == 4);
        for (String later : List.of(small("later", 2), small("last", 2))) {
            answers.add(send("killed", Request.of(later)));
            waiting.untilQueued("killed", answers.size() - 4);
        }

        gateway.fleet.remove(victim.address());
        victim.kill();
        waiting.untilQueued("killed", 6);
        awake.countDown();

        await().atMost(LONG).until(() -> other.bodies().size() == 4);
        assertThat(bodies(other))
                .containsExactlyInAnyOrder(small("first", 2), small("second", 2), small("third", 2), small("later", 2));
        gate.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);
        assertThat(answers.stream().map(PriorityTest::status)).containsOnly(200);
        assertThat(bodies(other)).hasSize(6).contains(small("last", 2), small("low", 20));
    }

    private static String small(String id, int priority) {
        return "{\"id\":\"" + id + "\",\"parameters\":{\"priority\":" + priority + "}}";
    }

    private static void until(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
