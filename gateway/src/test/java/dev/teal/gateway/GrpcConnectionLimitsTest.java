package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static dev.teal.gateway.fake.RawGrpc.DATA;
import static dev.teal.gateway.fake.RawGrpc.END_STREAM;
import static dev.teal.gateway.fake.RawGrpc.ENHANCE_YOUR_CALM;
import static dev.teal.gateway.fake.RawGrpc.GO_AWAY;
import static dev.teal.gateway.fake.RawGrpc.HEADERS;
import static dev.teal.gateway.fake.RawGrpc.INFER;
import static dev.teal.gateway.fake.RawGrpc.PING;
import static dev.teal.gateway.fake.RawGrpc.RESET;
import static dev.teal.gateway.fake.RawGrpc.SETTINGS;
import static dev.teal.gateway.fake.RawGrpc.STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.RawGrpc;
import dev.teal.gateway.fake.RawGrpc.Frame;
import grpc.health.v1.HealthCheckRequest;
import grpc.health.v1.HealthGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an HTTP/2 connection may cost, with frames that are written one by one. */
class GrpcConnectionLimitsTest {
    private static final int CONNECTIONS = 20;
    private static final int MESSAGE_BYTES = 1_000_000;
    private static final int REFUSED_STREAM = 7;
    private static final String LIVE = "/inference.GRPCInferenceService/ServerLive";

    private static final GatewayFixture gateway = new GatewayFixture();
    private static int port;

    @BeforeAll
    static void start() {
        gateway.startWithGrpc(
                "--gateway.connections-per-address=" + CONNECTIONS,
                "--gateway.grpc-message-limit=" + MESSAGE_BYTES + "B");
        port = gateway.grpcPort();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static boolean isAnswered() {
        ManagedChannel channel = gateway.grpcChannel().disableRetry().build();
        try {
            HealthGrpc.newBlockingStub(channel).check(HealthCheckRequest.getDefaultInstance());
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void givenAsManyConnectionsAsAnAddressMayHaveOnBothPortsTheNextIsToldToGo() throws Exception {
        List<AutoCloseable> open = new ArrayList<>();
        try {
            for (int i = 0; i < CONNECTIONS / 2; i++) {
                Socket rest = new Socket("127.0.0.1", gateway.port());
                open.add(rest);
                rest.getOutputStream()
                        .write("GET /v2/health/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(rest.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 200");
                RawGrpc grpc = new RawGrpc(port);
                open.add(grpc);
                assertThat(grpc.until(SETTINGS).stream()).isZero();
            }

            try (RawGrpc oneTooMany = new RawGrpc(port)) {
                Frame told = oneTooMany.until(GO_AWAY);

                assertThat(told.error()).isEqualTo(ENHANCE_YOUR_CALM);
                assertThat(told.text()).contains("this address has " + CONNECTIONS + " connections");
                assertThat(oneTooMany.closes()).isTrue();
            }
            try (Socket rest = new Socket("127.0.0.1", gateway.port())) {
                assertThat(rest.getInputStream().readNBytes(12)).asString().isEqualTo("HTTP/1.1 503");
            }
            assertThat(isAnswered()).isFalse();
        } finally {
            for (AutoCloseable connection : open) {
                connection.close();
            }
        }
        await().atMost(LONG).until(GrpcConnectionLimitsTest::isAnswered);
    }

    @Test
    void aConnectionHasAHundredStreamsAtMost() throws IOException {
        try (RawGrpc client = new RawGrpc(port)) {
            for (int i = 0; i < 101; i++) {
                client.call(2 * i + 1, STREAM);
            }

            Frame refused = client.until(frame -> frame.type() == RESET || frame.type() == GO_AWAY);
            assertThat(refused.stream()).isEqualTo(201);
            assertThat(refused.error()).isEqualTo(REFUSED_STREAM);
        }
    }

    private interface Annoyance {
        void write(int number) throws IOException;
    }

    /** So often, or until the connection is closed: it may have been told to go meanwhile. */
    private static void insist(int times, Annoyance annoyance) throws IOException {
        try {
            for (int i = 0; i < times; i++) {
                annoyance.write(i);
            }
        } catch (SocketException e) {
            assertThat(e).hasMessageMatching("(?i).*(broken pipe|connection reset|closed).*");
        }
    }

    @Test
    void whoDoesNothingButGiveUpIsToldToGo() throws IOException {
        try (RawGrpc client = new RawGrpc(port)) {
            insist(1_100, i -> {
                client.call(2 * i + 1, STREAM);
                client.frame(RESET, 0, 2 * i + 1, new byte[] {0, 0, 0, 8});
            });
            Frame told = client.until(GO_AWAY);

            assertThat(told.error()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(client.closes()).isTrue();
        }
    }

    @Test
    void metadataHasALimit() throws IOException {
        try (RawGrpc client = new RawGrpc(port)) {
            client.call(1, LIVE, "x", "y".repeat(15_000));
            client.message(1, END_STREAM, new byte[0]);
            assertThat(client.until(DATA).stream()).isEqualTo(1);

            String[] more = new String[80];
            Arrays.fill(more, "x");
            more[1] = "y".repeat(15_500);
            client.call(3, LIVE, more);
            Frame refused = client.until(frame -> frame.type() == HEADERS && frame.stream() == 3);
            assertThat(refused.text()).contains("431");
        }
    }

    @Test
    void whoAsksForSignsOfLifeTooOftenIsToldToGo() throws IOException {
        try (RawGrpc client = new RawGrpc(port)) {
            insist(10, _ -> client.frame(PING, 0, 0, new byte[8]));

            Frame told = client.until(GO_AWAY);
            assertThat(told.error()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(told.text()).contains("too_many_pings");
        }
    }

    @Test
    void aMessageHasALimitWhateverItIsFor() throws IOException {
        try (RawGrpc client = new RawGrpc(port)) {
            client.call(1, INFER);
            client.frame(DATA, 0, 1, RawGrpc.prefix(MESSAGE_BYTES + 1));

            assertThat(client.until(HEADERS).text()).contains("gRPC message exceeds maximum size " + MESSAGE_BYTES);
        }
    }

    @Test
    void aMessageThatIsUnpackedHasTheSameLimit() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(new byte[MESSAGE_BYTES + 1]);
        }
        try (RawGrpc client = new RawGrpc(port)) {
            client.call(1, INFER, "grpc-encoding", "gzip");
            client.packed(1, END_STREAM, packed.toByteArray());

            assertThat(client.until(HEADERS).text()).contains("exceeds maximum size " + MESSAGE_BYTES);

            client.call(3, INFER, "grpc-encoding", "gzip");
            client.packed(3, END_STREAM, new byte[] {1, 2, 3});
            assertThat(client.until(HEADERS).text()).contains("the message is not compressed as it says");
        }
        gateway.awaitNoBodies();
    }
}
