package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static dev.teal.gateway.fake.RawGrpc.DATA;
import static dev.teal.gateway.fake.RawGrpc.END_STREAM;
import static dev.teal.gateway.fake.RawGrpc.GO_AWAY;
import static dev.teal.gateway.fake.RawGrpc.HEADERS;
import static dev.teal.gateway.fake.RawGrpc.INFER;
import static dev.teal.gateway.fake.RawGrpc.RESET;
import static dev.teal.gateway.fake.RawGrpc.STREAM;
import static dev.teal.gateway.fake.RawGrpc.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.MessageWorker;
import dev.teal.gateway.fake.RawGrpc;
import dev.teal.gateway.fake.RawGrpc.Frame;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.EndpointLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What clients that begin and do not end, or ask and do not read, can make the gateway hold. */
class GrpcMemoryTest {
    private static final int MEGABYTE = 1 << 20;
    private static final long MEMORY = 16L * MEGABYTE;
    /** Long enough for a test's own work, short enough to be waited for. */
    private static final Duration MESSAGE_TIME = Duration.ofSeconds(5);

    private static final Duration IDLE = Duration.ofSeconds(3);

    private static final GatewayFixture gateway = new GatewayFixture();
    private static MessageWorker worker;

    private final List<RawGrpc> clients = new ArrayList<>();

    @BeforeAll
    static void start() {
        worker = gateway.messageWorker("echo", Color.BLUE, "1");
        gateway.fleet.list(worker.address());
        gateway.startWithGrpc(
                        "--gateway.body-memory=" + MEMORY + "B",
                        "--server.netty.idle-timeout=" + IDLE.toMillis() + "ms",
                        "--gateway.grpc-message-time=" + MESSAGE_TIME.toMillis() + "ms")
                .inForce(gateway.controlPlane.publish(
                        States.blueOnly("echo", 1, new EndpointLimits(20_000, 64_000_000, false))));
    }

    @AfterAll
    static void stop() {
        worker.close();
        gateway.close();
    }

    @AfterEach
    void everythingIsGivenBack() throws IOException {
        leave();
        gateway.awaitNoBodies();
    }

    private RawGrpc client() throws IOException {
        RawGrpc client = new RawGrpc(gateway.grpcPort());
        clients.add(client);
        return client;
    }

    /** All clients hang up. */
    private void leave() throws IOException {
        for (RawGrpc client : clients) {
            client.close();
        }
        clients.clear();
    }

    private static double held() {
        return gateway.meter("gateway.body.memory");
    }

    private static void awaitNearlyAllHeld() {
        await().atMost(LONG).until(() -> held() > MEMORY - 2 * MEGABYTE);
    }

    private static byte[] request(int bytes) {
        return GrpcClient.request("echo", "", bytes).toByteArray();
    }

    /** Begins a call with a message that is said to have so many bytes. */
    private static void begin(RawGrpc client, int stream, String path, int bytes) throws IOException {
        client.call(stream, path);
        client.frame(DATA, 0, stream, RawGrpc.prefix(bytes));
    }

    private static void pieces(RawGrpc client, int stream, int bytes) throws IOException {
        for (int sent = 0; sent < bytes; sent += 16_384) {
            client.frame(DATA, 0, stream, new byte[Math.min(16_384, bytes - sent)]);
        }
    }

    private static void ask(RawGrpc client, int stream, int bytes) throws IOException {
        client.call(stream, INFER);
        client.message(stream, END_STREAM, request(bytes));
    }

    private static void assertAnswered(RawGrpc client, int stream) throws IOException {
        ask(client, stream, 10);
        Frame head = client.until(frame -> frame.type() == HEADERS && frame.stream() == stream);
        assertThat(head.text()).contains("teal-color");
    }

    @Test
    void givenManyHalfSentMessagesTheyHoldNoMoreThanTheMemoryAndTheRestIsRefused() throws IOException {
        for (int c = 0; c < 4; c++) {
            RawGrpc client = client();
            for (int s = 0; s < 10; s++) {
                begin(client, 2 * s + 1, s % 2 == 0 ? INFER : STREAM, 50 * MEGABYTE);
                // As fast as its window is given back, and not at all once that has ended
                pieces(client, 2 * s + 1, 900_000);
                assertThat(held()).isLessThanOrEqualTo(MEMORY);
            }
        }

        awaitNearlyAllHeld();
        for (RawGrpc client : clients.subList(2, 4)) {
            Frame last = client.until(
                    frame -> frame.type() == HEADERS && frame.text().contains("grpc-retry-pushback-ms"));
            assertThat(last.text()).contains("the gateway holds as many bytes");
        }
        leave();
        gateway.awaitNoBodies();
        assertAnswered(client(), 1);
    }

    @Test
    void givenMessagesInTheSmallestPiecesWhatThoseCostCountsToo() throws IOException {
        RawGrpc client = client();
        begin(client, 1, INFER, MEGABYTE);
        for (int i = 0; i < 1_000; i++) {
            client.frame(DATA, 0, 1, new byte[1]);
        }

        await().atMost(LONG).until(() -> held() > 500_000);
    }

    @Test
    void givenAMessageThatGrowsWhenItIsUnpackedItIsCountedAsItGrows() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(request(20 * MEGABYTE));
        }
        RawGrpc client = client();
        client.call(1, INFER, "grpc-encoding", "gzip");
        client.packed(1, END_STREAM, packed.toByteArray());

        assertThat(client.until(HEADERS).text())
                .as("not told to try again: there never is room")
                .contains("gateway.body-memory")
                .doesNotContain("grpc-retry-pushback-ms");
        gateway.awaitNoBodies();
        assertAnswered(client, 3);
    }

    @Test
    void givenAMessageThatDoesNotEndItsCallEndsInTime() throws IOException {
        RawGrpc client = client();
        begin(client, 1, INFER, MEGABYTE);
        pieces(client, 1, 100_000);
        client.call(3, INFER);
        begin(client, 5, STREAM, MEGABYTE);
        client.call(7, STREAM);
        client.message(7, 0, request(10));
        long startNanos = System.nanoTime();

        for (int i = 0; i < 3; i++) {
            Frame ended = client.until(frame -> frame.type() == HEADERS && (frame.flags() & END_STREAM) != 0);
            assertThat(ended.stream()).isIn(1, 3, 5);
            assertThat(ended.text()).contains("the message did not arrive within 5000 ms");
        }
        assertThat(System.nanoTime() - startNanos)
                .isGreaterThan(MESSAGE_TIME.minusSeconds(1).toNanos());
        client.message(7, 0, request(10));
        client.until(frame -> frame.type() == DATA && frame.stream() == 7);
    }

    @Test
    void aConnectionWithoutACallIsEnded() throws IOException {
        RawGrpc client = client();
        long startNanos = System.nanoTime();

        assertThat(client.until(GO_AWAY).error()).isZero();

        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(IDLE.toNanos() * 9 / 10);
    }

    @Test
    void givenAClientThatNeverReadsItsAnswersHoldNoMoreThanTheMemoryAndAreDroppedInTime() throws IOException {
        for (int c = 0; c < 6; c++) {
            RawGrpc client = client();
            for (int s = 0; s < 10; s++) {
                ask(client, 2 * s + 1, 800_000);
                assertThat(held()).isLessThanOrEqualTo(MEMORY);
            }
        }

        awaitNearlyAllHeld();
        for (RawGrpc client : clients) {
            Frame reset = client.until(frame -> frame.type() == RESET
                    || (frame.type() == HEADERS && frame.text().contains("grpc-retry-pushback-ms")));
            assertThat(reset.stream()).isOdd();
        }
        gateway.awaitNoBodies();
    }

    @Test
    void givenAStreamWhoseAnswersAreNotReadItWaitsAndGoesOnOnceTheyAre() throws IOException {
        RawGrpc client = client().acknowledged();
        client.call(1, STREAM);
        for (int i = 0; i < 5; i++) {
            client.message(1, 0, request(150_000));
        }
        await().atMost(LONG).until(() -> held() > 100_000);
        assertThat(held()).isLessThan(5 * 150_000 * 2);

        byte[] wide = ByteBuffer.allocate(4).putInt(8 * MEGABYTE).array();
        client.frame(WINDOW_UPDATE, 0, 1, wide);
        client.frame(WINDOW_UPDATE, 0, 0, wide);

        int[] bytes = {0};
        client.until(frame -> frame.type() == DATA && (bytes[0] += frame.payload().length) > 5 * 150_000);
        gateway.awaitNoBodies();
    }

    @Test
    void givenAStreamThatWaitsWhoWritesMoreThanItsWindowIsCutOff() throws IOException {
        RawGrpc client = client().acknowledged();
        client.call(1, STREAM);
        client.message(1, 0, request(150_000));
        client.until(frame -> frame.type() == DATA);
        // One more is taken, which was asked for before that answer; then nothing
        client.message(1, 0, request(10));
        client.frame(DATA, 0, 1, RawGrpc.prefix(2 * MEGABYTE));
        pieces(client, 1, MEGABYTE + 100_000);

        assertThat(client.until(frame -> frame.type() == RESET || frame.type() == GO_AWAY)
                        .error())
                .isEqualTo(3);
    }

    @Test
    void givenAStreamThatNeverReadsItIsResetInTime() throws IOException {
        RawGrpc client = client().acknowledged();
        client.call(1, STREAM);
        for (int i = 0; i < 20; i++) {
            client.message(1, 0, request(40_000));
        }

        assertThat(client.until(RESET).error()).isEqualTo(8);
        gateway.awaitNoBodies();
        assertAnswered(client, 3);
    }
}
