package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static dev.teal.gateway.fake.RawGrpc.ENHANCE_YOUR_CALM;
import static dev.teal.gateway.fake.RawGrpc.GO_AWAY;
import static dev.teal.gateway.fake.RawGrpc.SETTINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.RawGrpc;
import dev.teal.gateway.fake.RawGrpc.Frame;
import dev.teal.gateway.grpc.GrpcServer;
import grpc.health.v1.HealthCheckRequest;
import grpc.health.v1.HealthGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an HTTP/2 connection may cost, with frames that are written one by one. */
class GrpcConnectionLimitsTest {
    private static final int CONNECTIONS = 20;

    private static final GatewayFixture gateway = new GatewayFixture();
    private static int port;

    @BeforeAll
    static void start() {
        gateway.start("--gateway.connections-per-address=" + CONNECTIONS, "--gateway.grpc-port=" + Ports.free());
        port = gateway.context().getBean(GrpcServer.class).port();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static boolean isAnswered() {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .disableRetry()
                .build();
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
}
