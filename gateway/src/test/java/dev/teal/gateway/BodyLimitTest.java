package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static dev.teal.gateway.GatewayFixture.error;
import static dev.teal.gateway.GatewayFixture.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.FakeWorker;
import dev.teal.gateway.fake.FakeWorker.Act;
import dev.teal.gateway.fake.RawConnection;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.EndpointLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What bodies may be, one and all together, and by when they must be here. */
class BodyLimitTest {
    private static final GatewayFixture gateway = new GatewayFixture();

    @BeforeAll
    static void start() {
        gateway.start("--gateway.body-memory=1500KB")
                .inForce(gateway.controlPlane.publish(
                        States.blueOnly("small", 1, new EndpointLimits(20_000, 100, false))));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void aBodyOverTheLimitIsRefusedBeforeItIsReadAndWhileItIs() {
        HttpResponse<String> announced = gateway.infer("small", "x".repeat(101));
        HttpResponse<String> chunked = gateway.send(gateway.request("/v2/models/small/infer")
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream("x".repeat(5_000_000).getBytes(StandardCharsets.UTF_8))))
                .build());

        assertThat(announced.statusCode()).isEqualTo(413);
        assertThat(error(announced)).contains("100 bytes");
        assertThat(chunked.statusCode()).isEqualTo(413);
        gateway.awaitNoBodies();
    }

    @Test
    void aBodyForWhichThereNeverIsRoomIsNotAskedForAgain() {
        gateway.inForce(gateway.controlPlane.publish(
                States.blueOnly("roomy", 1, new EndpointLimits(20_000, 5_000_000, false))));
        String body = "x".repeat(1_600_000);

        HttpResponse<String> announced = gateway.infer("roomy", body);
        HttpResponse<String> chunked = gateway.send(gateway.request("/v2/models/roomy/infer")
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
                .build());

        assertThat(announced.statusCode()).isEqualTo(413);
        assertThat(error(announced)).contains("gateway.body-memory");
        assertThat(chunked.statusCode()).isEqualTo(413);
        assertThat(error(chunked)).contains("gateway.body-memory");
        gateway.awaitNoBodies();
    }

    @Test
    void anEmptyBodyIsRefused() {
        assertThat(gateway.infer("small", "").statusCode()).isEqualTo(400);
    }

    @Test
    void bodiesTogetherHaveALimitAndWhatIsHeldIsGivenBack() {
        FakeWorker worker = gateway.worker("memory", Color.BLUE, "1")
                .script(body -> body.startsWith("h") ? new Act.Hang() : new Act.Answer(200));
        gateway.fleet.add(worker.address());
        gateway.inForce(gateway.controlPlane.publish(States.blueOnly("memory", 1, States.LIMITS)));
        CompletableFuture<HttpResponse<String>> held = gateway.inferAsync("memory", "h".repeat(900_000));
        await().atMost(LONG).until(() -> worker.requests() == 1);

        HttpResponse<String> refused = gateway.infer("memory", "x".repeat(900_000));
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(error(refused)).contains("bytes");
        assertThat(header(refused, "Retry-After")).isEqualTo("1");

        held.cancel(true);
        await().atMost(LONG)
                .until(() -> gateway.infer("memory", "x".repeat(900_000)).statusCode() == 200);
        gateway.awaitNoBodies();
    }

    @Test
    void aBodyThatDoesNotArriveIsGivenUpAtTheDeadline() throws IOException {
        try (RawConnection connection = RawConnection.to(gateway.port())) {
            connection.send("POST /v2/models/small/infer HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n"
                    + "Teal-Deadline-Millis: 200\r\n\r\nhalf");

            assertThat(connection.rest()).startsWith("HTTP/1.1 408").contains("did not arrive");
        }
        gateway.awaitNoBodies();
    }
}
