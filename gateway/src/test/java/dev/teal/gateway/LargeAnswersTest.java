package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static dev.teal.gateway.GatewayFixture.error;
import static dev.teal.gateway.GatewayFixture.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.answer.AnswerMemory;
import dev.teal.gateway.fake.FakeWorker;
import dev.teal.gateway.fake.FakeWorker.Act;
import dev.teal.gateway.fake.RawConnection;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** What answers may hold of the gateway's memory, and for how long. */
class LargeAnswersTest {
    private static final int MEMORY = 64_000_000;
    private static final int LARGE = 20_000_000;
    private static final String INFER =
            "POST /v2/models/fraud/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nlarge";

    private static final GatewayFixture gateway = new GatewayFixture();
    private static final byte[] large = new byte[LARGE];
    private static FakeWorker worker;

    @BeforeAll
    static void start() {
        new Random(4711).nextBytes(large);
        worker = gateway.worker("fraud", Color.BLUE, "1", 8);
        gateway.fleet.list(worker.address());
        for (int i = 0; i < 800; i++) {
            gateway.controlPlane.publish(States.both("one-of-many-endpoints-in-the-index-" + i, 1, Color.BLUE));
        }
        gateway.start("--gateway.answer-memory=" + MEMORY + "B", "--gateway.answer-pause=2s")
                .inForce(gateway.controlPlane.publish(States.blueOnly("fraud", 1, States.LIMITS)));
        worker.script(body -> switch (body) {
            case "large" -> bytes(large);
            case "unannounced" -> new Act.AnswerUnannounced(Flux.range(0, 20).map(LargeAnswersTest::part));
            case "endless" -> new Act.AnswerUnannounced(Flux.<byte[]>never().startWith(large));
            case "too large" -> bytes(new byte[MEMORY / 2 + 1]);
            case "too large, unannounced" ->
                new Act.AnswerUnannounced(Flux.range(0, 40).map(LargeAnswersTest::part));
            case "torn" -> new Act.Tear();
            default -> new Act.Answer(200);
        });
    }

    @AfterEach
    void nothingIsHeld() {
        await().atMost(LONG).until(() -> gateway.meter("gateway.answer.memory") == 0);
        gateway.awaitNoBodies();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static Act bytes(byte[] body) {
        return new Act.AnswerBytes(200, Map.of(), body);
    }

    private static byte[] part(int index) {
        int from = index * 1_000_000 % LARGE;
        return Arrays.copyOfRange(large, from, from + 1_000_000);
    }

    /** Takes what is left, but for a piece too small for any answer. */
    private static List<AnswerMemory.Hold> takeAll() {
        List<AnswerMemory.Hold> holds = new ArrayList<>();
        AnswerMemory memory = gateway.context().getBean(AnswerMemory.class);
        while (!memory.isFull()) {
            AnswerMemory.Hold hold = memory.hold();
            assertThat(hold.take(AnswerMemory.SMALL_BYTES)).isTrue();
            holds.add(hold);
        }
        return holds;
    }

    private static CompletableFuture<HttpResponse<byte[]>> inferBytes(String body) {
        return gateway.http.sendAsync(
                gateway.request("/v2/models/fraud/infer")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    @ParameterizedTest
    @ValueSource(strings = {"large", "unannounced"})
    void aLargeAnswerIsPassedOnWhole(String body) {
        HttpResponse<byte[]> answer = inferBytes(body).join();

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Content-Length")).isEqualTo(Integer.toString(LARGE));
        assertThat(Arrays.equals(answer.body(), large)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"too large", "too large, unannounced"})
    void givenAnAnswerOverTheLimitItIsRefusedOnceAndTheSettingIsNamed(String body) {
        int before = worker.requests();

        HttpResponse<String> answer = gateway.infer("fraud", body);

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(error(answer))
                .contains("gateway.response-limit", "gateway.answer-memory", Integer.toString(MEMORY / 2));
        assertThat(header(answer, "Retry-After")).isEmpty();
        assertThat(header(answer, "Teal-Version")).isEqualTo("1");
        assertThat(worker.requests()).isEqualTo(before + 1);
        assertThat(gateway.infer("fraud", "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void givenAWorkerThatBreaksOffWhatWasHeldIsGivenBack() {
        assertThat(gateway.infer("fraud", "torn").statusCode()).isEqualTo(502);
    }

    @Test
    void givenTheDeadlinePassesWithinAnAnswerWhatWasHeldIsGivenBack() {
        HttpResponse<String> answer = gateway.infer("fraud", "endless", "Teal-Deadline-Millis", "1500");

        assertThat(answer.statusCode()).isEqualTo(504);
    }

    @Test
    void givenNoRoomForAnyAnswerNoWorkerIsAsked() {
        int before = worker.requests();
        List<AnswerMemory.Hold> holds = takeAll();

        HttpResponse<String> answer = gateway.infer("fraud", "{}");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(header(answer, "Retry-After")).isEqualTo("1");
        assertThat(error(answer)).contains("gateway.answer-memory");
        assertThat(worker.requests()).isEqualTo(before);

        holds.forEach(AnswerMemory.Hold::close);
        assertThat(gateway.infer("fraud", "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void givenNoRoomALongListOfTheGatewaysOwnIsRefusedToo() {
        HttpRequest index = gateway.request("/v2/repository/index")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> listed = gateway.send(index);
        List<AnswerMemory.Hold> holds = takeAll();
        HttpResponse<String> crowded = gateway.send(index);
        holds.forEach(AnswerMemory.Hold::close);

        assertThat(listed.statusCode()).isEqualTo(200);
        assertThat(listed.body().length()).isGreaterThan(AnswerMemory.SMALL_BYTES);
        assertThat(crowded.statusCode()).isEqualTo(503);
        assertThat(header(crowded, "Retry-After")).isEqualTo("1");
        assertThat(error(crowded)).contains("gateway.answer-memory");
        assertThat(gateway.send(index).body()).isEqualTo(listed.body());
    }

    @Test
    void givenClientsThatDoNotReadOthersAreToldToComeBackAndSmallAnswersGoOn() throws IOException {
        double stalledBefore = gateway.meter("gateway.answer.stalled");
        List<RawConnection> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                stalled.add(RawConnection.narrow(gateway.port()).send(INFER));
                double held = LARGE * (i + 1.0);
                await().atMost(LONG).until(() -> gateway.meter("gateway.answer.memory") == held);
            }

            HttpResponse<String> crowded = gateway.infer("fraud", "large");
            HttpResponse<String> small = gateway.infer("fraud", "{}");

            assertThat(crowded.statusCode()).isEqualTo(503);
            assertThat(header(crowded, "Retry-After")).isEqualTo("1");
            assertThat(error(crowded)).contains("gateway.answer-memory");
            assertThat(small.statusCode()).isEqualTo(200);

            await().atMost(LONG).until(() -> gateway.meter("gateway.answer.stalled") == stalledBefore + 2);
            for (RawConnection connection : stalled) {
                assertThat(connection.rest().length()).isLessThan(LARGE);
            }
            await().atMost(LONG).until(() -> gateway.meter("gateway.answer.memory") == 0);
            assertThat(inferBytes("large").join().statusCode()).isEqualTo(200);
        } finally {
            for (RawConnection connection : stalled) {
                connection.close();
            }
        }
    }

    @Test
    void givenAClientThatReadsSlowlyButReadsItGetsAll() throws IOException {
        try (RawConnection slow = RawConnection.narrow(gateway.port())) {
            assertThat(slow.send(INFER).head()).startsWith("HTTP/1.1 200");
            AtomicLong read = new AtomicLong();
            long startNanos = System.nanoTime();
            // For longer than a reader may stall, and never for so long at once
            await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(() -> {
                long due = Math.min(LARGE, LARGE * (System.nanoTime() - startNanos) / 5_000_000_000L);
                return read.addAndGet(slow.in().readNBytes((int) (due - read.get())).length) == LARGE;
            });
        }
    }

    @Test
    void givenAClientThatLeavesWithinItsAnswerWhatWasHeldIsGivenBack() throws IOException {
        try (RawConnection leaving = RawConnection.narrow(gateway.port())) {
            assertThat(leaving.send(INFER).head()).startsWith("HTTP/1.1 200");
            assertThat(gateway.meter("gateway.answer.memory")).isEqualTo(LARGE);
        }
    }
}
