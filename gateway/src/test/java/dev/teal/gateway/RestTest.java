package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.error;
import static dev.teal.gateway.GatewayFixture.header;
import static dev.teal.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The Open Inference Protocol's paths beside inference. */
class RestTest {
    private static final GatewayFixture gateway = new GatewayFixture();

    @BeforeAll
    static void start() {
        EndpointsAsleep.start(gateway);
    }

    @AfterAll
    static void stop() {
        EndpointsAsleep.stop(gateway);
    }

    @Test
    void onlyWhatWorksIsAdvertised() {
        assertThat(json(gateway.get("/v2")).path("extensions").toString())
                .isEqualTo("[\"binary_tensor_data\",\"classification\",\"parameters\",\"schedule_policy\","
                        + "\"model_configuration\",\"model_repository\",\"statistics\"]");
    }

    @ParameterizedTest
    @CsvSource({
        "/v2, GET",
        "/v2/health/live, GET",
        "/v2/health/ready, GET",
        "/v2/models/fraud, GET",
        "/v2/models/fraud/versions/1, GET",
        "/v2/models/fraud/ready, GET",
        "/v2/models/fraud/versions/1/ready, GET",
        "/v2/models/fraud/config, GET",
        "/v2/models/fraud/versions/1/config, GET",
        "/v2/models/fraud/stats, GET",
        "/v2/models/fraud/versions/1/stats, GET",
        "/v2/models/stats, GET",
        "/v2/models/fraud/infer, POST",
        "/v2/models/fraud/versions/1/infer, POST",
        "/v2/models/nobody/infer, POST",
        "/v2/repository/index, POST",
        "/v2/repository/models/fraud/load, POST",
        "/v2/repository/models/fraud/unload, POST",
        "/v2/repository/mine/index, POST",
    })
    void anyOtherMethodIsNotAllowed(String path, String allowed) {
        for (String method : List.of("GET", "POST", "PUT", "DELETE", "OPTIONS")) {
            if (!method.equals(allowed)) {
                HttpResponse<String> response = gateway.call(method, path, "");

                assertThat(response.statusCode()).as(method + " " + path).isEqualTo(405);
                assertThat(response.body()).isEqualTo("{\"error\":\"Method Not Allowed\"}");
                assertThat(header(response, "Allow")).isEqualTo(allowed);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v2/systemsharedmemory/status",
                "/v2/cudasharedmemory/region/a/register",
                "/v2/trace/setting",
                "/v2/models/fraud/trace/setting",
                "/v2/logging",
                "/v2/models/fraud/generate",
            })
    void whatIsNotOfferedIsNotImplemented(String path) {
        for (String method : List.of("GET", "POST")) {
            HttpResponse<String> response = gateway.call(method, path, "");

            assertThat(response.statusCode()).isEqualTo(501);
            assertThat(error(response)).contains("not supported");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/models/changing/versions/3/ready, 503, Request for unknown model: 'changing' version 3 is not at ready state",
        "/v2/models/leaving/versions/1/ready, 503, Request for unknown model: 'leaving' version 1 is not at ready state",
        "/v2/models/fraud/versions/9/ready, 404, Request for unknown model: 'fraud' version 9 is not found; there is 1 and 2",
        "/v2/models/fraud/versions/9/config, 404, Request for unknown model: 'fraud' version 9 is not found; there is 1 and 2",
        "/v2/models/fraud/versions/9/stats, 404, Request for unknown model: 'fraud' version 9 is not found; there is 1 and 2",
        "/v2/models/nobody/config, 404, Request for unknown model: 'nobody' is not found",
        "/v2/models/nobody/stats, 404, Request for unknown model: 'nobody' is not found",
    })
    void errorsAreInTheProtocolsWords(String path, int status, String error) {
        HttpResponse<String> response = gateway.get(path);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(error(response)).isEqualTo(error);
    }

    @Test
    void whatIsLoadedIsNotReadyAndYetTheEndpointIs() {
        assertThat(gateway.get("/v2/models/changing/ready").statusCode()).isEqualTo(200);
        assertThat(gateway.get("/v2/models/changing/versions/2/ready").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/models/n%C3%A4me", "/v2/models/n%25C3%25A4me", "/v2/models/n%c3%a4me/config"})
    void aNameMayBeEncodedTwiceAsSomeClientsDo(String path) {
        HttpResponse<String> response = gateway.get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).path("name").asString()).isEqualTo("näme");
    }

    @Test
    void theConfigurationIsTriton() {
        JsonNode configuration = json(gateway.get("/v2/models/fraud/config"));

        assertThat(configuration.path("name").asString()).isEqualTo("fraud");
        assertThat(configuration.path("input").toString())
                .isEqualTo(
                        "[{\"name\":\"input\",\"data_type\":\"TYPE_FP32\",\"format\":\"FORMAT_NONE\",\"dims\":[30]}]");
        assertThat(configuration.path("max_batch_size").asInt()).isPositive();
        assertThat(gateway.get("/v2/models/coming/config").statusCode()).isEqualTo(503);
    }

    @Test
    void whoNeedsAKeyForAnEndpointNeedsItForAllOfItsPaths() {
        for (String path : List.of("", "/ready", "/config", "/stats")) {
            assertThat(gateway.get("/v2/models/secret" + path).statusCode()).isEqualTo(401);
        }
        assertThat(gateway.call("POST", "/v2/repository/models/secret/load", "").statusCode())
                .isEqualTo(401);
    }
}
