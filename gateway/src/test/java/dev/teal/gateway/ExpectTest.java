package dev.teal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.gateway.fake.RawConnection;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.cell.EndpointLimits;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who says that it waits to be asked for its body. */
class ExpectTest {
    private static final String INFER = "POST /v2/models/fraud/infer HTTP/1.1\r\nHost: x\r\n";

    private static final GatewayFixture gateway = new GatewayFixture();

    @BeforeAll
    static void start() {
        gateway.controlPlane.publish(States.blueOnly("small", 1, new EndpointLimits(20_000, 100, false)));
        gateway.controlPlane.publish(States.blueOnly("secret", 1, new EndpointLimits(20_000, 100, true)));
        gateway.startServing("fraud");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void whoAnnouncesABodyIsAskedForItOnceTheRequestIsAdmitted() throws IOException {
        try (RawConnection connection = RawConnection.to(gateway.port())) {
            connection.send(INFER + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n");

            assertThat(connection.head()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            assertThat(connection.send("{}").head()).startsWith("HTTP/1.1 200");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "401 /v2/models/secret/infer Content-Length: 2",
                "404 /v2/models/nobody/infer Content-Length: 2",
                "404 /v2/models/fraud/versions/9/infer Content-Length: 2",
                "413 /v2/models/small/infer Content-Length: 101",
                "405 /v2/models/small Content-Length: 2",
                "501 /v2/models/fraud/infer Content-Encoding: br\r\nContent-Length: 2",
                "400 /v2/models/fraud/infer Inference-Header-Content-Length: 3\r\nContent-Length: 2",
                "400 /v2/models/fraud/infer Teal-Color: teal\r\nContent-Length: 2",
            })
    void whoIsNotAdmittedIsNotAskedForItsBody(String refusal) throws IOException {
        String[] parts = refusal.split(" ", 3);
        try (RawConnection connection = RawConnection.to(gateway.port())) {
            String answer = connection
                    .send("POST " + parts[1] + " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n" + parts[2]
                            + "\r\n\r\n")
                    .rest();

            assertThat(answer)
                    .startsWith("HTTP/1.1 " + parts[0])
                    .doesNotContain("100 Continue")
                    .containsIgnoringCase("connection: close");
        }
    }

    @Test
    void anExpectationThatIsNotKnownIsNotMet() throws IOException {
        try (RawConnection connection = RawConnection.to(gateway.port())) {
            assertThat(connection
                            .send(INFER + "Content-Length: 2\r\nExpect: miracles\r\n\r\n{}")
                            .head())
                    .startsWith("HTTP/1.1 417");
        }
    }
}
