package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static dev.teal.gateway.GatewayFixture.error;
import static dev.teal.gateway.GatewayFixture.header;
import static dev.teal.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.FakeWorker;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.Route;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What callers see: paths, colors, headers, errors. */
class DataPlaneTest {
    private static final GatewayFixture gateway = new GatewayFixture();
    private static FakeWorker blue;
    private static FakeWorker green;

    @BeforeAll
    static void start() {
        blue = gateway.worker("fraud", Color.BLUE, "1");
        green = gateway.worker("fraud", Color.GREEN, "2");
        gateway.fleet.list(blue.address(), green.address());
        gateway.controlPlane.publish(States.both("fraud", 7, Color.BLUE));
        gateway.controlPlane.publish(new EndpointState("coming", 0, Route.NOWHERE, null, States.LIMITS, null, null));
        gateway.controlPlane.publish(new EndpointState(
                "leaving",
                3,
                Route.allTo(Color.GREEN),
                null,
                States.LIMITS,
                States.environment("leaving", Color.BLUE, "1", EnvironmentPhase.DRAINING),
                States.environment("leaving", Color.GREEN, "2", EnvironmentPhase.ACTIVE)));
        gateway.start().inForce(gateway.controlPlane.publish(States.blueOnly("one color", 1, States.LIMITS)));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void theServerTellsItsNameAndVersion() {
        JsonNode server = json(gateway.get("/v2"));

        assertThat(server.path("name").asString()).isEqualTo("teal");
        assertThat(server.path("version").asString()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(server.path("extensions").isArray()).isTrue();
        assertThat(gateway.get("/v2/health/live").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/v2/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void aModelIsDescribedFromTheStateDocumentAndNothingWakes() {
        JsonNode model = json(gateway.get("/v2/models/one%20color"));

        assertThat(model.path("name").asString()).isEqualTo("one color");
        assertThat(model.path("versions").toString()).isEqualTo("[\"1\"]");
        assertThat(model.path("platform").asString()).isEqualTo("onnxruntime_onnx");
        assertThat(model.path("inputs").toString())
                .isEqualTo("[{\"name\":\"input\",\"datatype\":\"FP32\",\"shape\":[-1,30]}]");
        assertThat(model.path("outputs").path(0).path("name").asString()).isEqualTo("label");
        assertThat(json(gateway.get("/v2/models/fraud")).path("versions").toString())
                .isEqualTo("[\"1\",\"2\"]");
        assertThat(gateway.get("/v2/models/fraud/versions/2").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/v2/models/one%20color/ready").statusCode()).isEqualTo(200);
        assertThat(gateway.fleet.wakes("one color-blue")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/models/coming/ready, 503",
        "/v2/models/coming, 503",
        "/v2/models/leaving/ready, 200",
        "/v2/models/leaving/versions/1/ready, 503",
        "/v2/models/leaving/versions/2/ready, 200",
        "/v2/models/leaving/versions/9/ready, 404",
        "/v2/models/fraud/versions/9, 404",
        "/v2/models/nobody, 404",
        "/v2/models/nobody/ready, 404",
        "/v2/models/fraud/infer, 405",
        "/v2/models/fraud/versions/1/infer, 405",
        "/v2/models/fraud/other, 404",
        "/v2/models/fraud/versions, 404",
        "/v2/models//infer, 404",
        "/v2/models, 404",
        "/v2/, 404",
        "/v3, 404",
        "/, 404",
        "/actuator/health, 404",
        "/v2/models/a%2Fb, 404",
    })
    void eachPathHasItsStatusAndErrorsAreTheProtocols(String path, int status) {
        HttpResponse<String> response = gateway.get(path);

        assertThat(response.statusCode()).isEqualTo(status);
        if (status != 200) {
            assertThat(error(response)).isNotBlank();
        }
        if (status == 503) {
            assertThat(header(response, "Retry-After")).isNotBlank();
        }
        if (status == 405) {
            assertThat(header(response, "Allow")).isEqualTo("POST");
        }
    }

    @Test
    void anUnknownModelIsNamed() {
        assertThat(error(gateway.infer("nobody", "{}"))).isEqualTo("Request for unknown model: 'nobody' is not found");
        assertThat(error(gateway.get("/v2/models/fraud/versions/9")))
                .isEqualTo("Request for unknown model: 'fraud' version 9 is not found; there is 1 and 2");
    }

    @Test
    void aPostWhereGetIsMeantIsNotAllowed() {
        HttpResponse<String> response = gateway.call("POST", "/v2/models/fraud", "");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(header(response, "Allow")).isEqualTo("GET");
    }

    @Test
    void theCallersColorIsTakenAndDoesNotCountAsLiveTraffic() {
        HttpResponse<String> asked = gateway.infer("fraud", "{}", "Teal-Color", "green");
        HttpResponse<String> live = gateway.infer("fraud", "{}");

        assertThat(header(asked, "Teal-Color")).isEqualTo("green");
        assertThat(header(asked, "Teal-Version")).isEqualTo("2");
        assertThat(asked.body()).contains(States.digest("2"));
        assertThat(header(live, "Teal-Color")).isEqualTo("blue");
        assertThat(header(live, "Teal-Generation")).isEqualTo("7");
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(gateway.controlPlane.report().traffic())
                        .anyMatch(count -> count.endpoint().equals("fraud") && count.color() == Color.BLUE)
                        .noneMatch(count -> count.endpoint().equals("fraud") && count.color() == Color.GREEN));
    }

    @ParameterizedTest
    @CsvSource({
        "fraud, Teal-Color, teal, 400",
        "one%20color, Teal-Color, green, 404",
        "leaving, Teal-Color, blue, 503",
        "fraud, Teal-Deadline-Millis, soon, 400",
        "fraud, Teal-Deadline-Millis, 0, 400",
        "fraud, Content-Encoding, br, 501",
        "fraud, Content-Encoding, 'gzip, gzip', 501",
    })
    void aHeaderThatCannotBeMetIsRefused(String endpoint, String name, String value, int status) {
        HttpResponse<String> response = gateway.infer(endpoint, "{}", name, value);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(error(response)).isNotBlank();
    }

    @Test
    void aVersionInThePathIsServedByTheEnvironmentThatHoldsIt() {
        HttpResponse<String> response = gateway.call("POST", "/v2/models/fraud/versions/2/infer", "{}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Teal-Color")).isEqualTo("green");
    }

    @Test
    void theWorkerGetsTheBytesUntouchedAndTheGatewaysHeaders() {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        blue.heads().clear();

        HttpResponse<String> response = gateway.infer("fraud", "{ \"ä\" : 1 }", "traceparent", trace, "X-Mine", "no");
        gateway.infer("fraud", "{}", "traceparent", "nonsense");

        assertThat(response.body()).endsWith("\"echo\":{ \"ä\" : 1 }}");
        Map<String, String> head = blue.heads().remove();
        assertThat(head)
                .containsEntry(":path", "/v2/models/fraud/infer")
                .containsEntry("teal-digest", States.digest("1"))
                .containsEntry("teal-generation", "7")
                .containsEntry("content-type", "application/json")
                .containsEntry("traceparent", trace)
                .doesNotContainKey("x-mine");
        assertThat(Long.parseLong(head.get("teal-deadline-millis"))).isBetween(1L, 20_000L);
        assertThat(blue.heads().remove().get("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
    }

    @Test
    void theManagementPortTellsHealthAndMetrics() {
        gateway.infer("fraud", "{}");

        assertThat(management("health/readiness").statusCode()).isEqualTo(200);
        assertThat(management("prometheus").body())
                .contains("gateway_requests_seconds_count{color=\"blue\",endpoint=\"fraud\",outcome=\"answered\"}")
                .contains("gateway_route_table_revision")
                .contains("gateway_route_table_age_seconds");
        assertThat(management("gateway/routes").statusCode()).isEqualTo(404);
    }

    private static HttpResponse<String> management(String path) {
        return gateway.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.managementPort() + "/actuator/" + path))
                        .build());
    }

    @Test
    void asManyEventLoopsAsCoresServe() {
        long loops = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.matches("gateway-epoll-\\d+"))
                .distinct()
                .count();

        assertThat(loops)
                .isLessThanOrEqualTo(Runtime.getRuntime().availableProcessors())
                .isPositive();
    }
}
