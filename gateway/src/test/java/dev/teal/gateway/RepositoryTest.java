package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.error;
import static dev.teal.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Json;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The protocol's repository: its index is of this gateway's endpoints, and what it loads is the platform's to do. */
class RepositoryTest {
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
    void theIndexListsEachVersionInAnEnvironment() {
        assertThat(json(gateway.call("POST", "/v2/repository/index", "")))
                .contains(
                        Json.MAPPER.readTree("{\"name\":\"changing\",\"version\":\"3\",\"state\":\"LOADING\"}"),
                        Json.MAPPER.readTree("{\"name\":\"changing\",\"version\":\"2\",\"state\":\"READY\"}"),
                        Json.MAPPER.readTree("{\"name\":\"fraud\",\"version\":\"1\",\"state\":\"READY\"}"),
                        Json.MAPPER.readTree("{\"name\":\"fraud\",\"version\":\"2\",\"state\":\"READY\"}"),
                        Json.MAPPER.readTree("{\"name\":\"leaving\",\"version\":\"1\",\"state\":\"UNAVAILABLE\","
                                + "\"reason\":\"it is being taken out of service\"}"),
                        Json.MAPPER.readTree(
                                "{\"name\":\"coming\",\"state\":\"UNAVAILABLE\","
                                        + "\"reason\":\"no version is in an environment yet; look at the endpoint's rollouts\"}"))
                .noneSatisfy(row -> assertThat(row.path("name").asString()).isEqualTo("secret"));
    }

    @Test
    void theIndexMayBeOfWhatIsReady() {
        JsonNode ready = json(gateway.call("POST", "/v2/repository/index", "{\"ready\":true}"));
        JsonNode all = json(gateway.call("POST", "/v2/repository/index", "{\"ready\":false}"));

        assertThat(ready.findValuesAsString("state")).containsOnly("READY").isNotEmpty();
        assertThat(all.size()).isGreaterThan(ready.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"ready\":1}", "{\"ready\":\"true\"}", "{\"ready\":null}", "[]", "{", "ready"})
    void aQuestionForTheIndexThatIsNoneIsRefused(String body) {
        HttpResponse<String> response = gateway.call("POST", "/v2/repository/index", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error(response)).isNotBlank();
        gateway.awaitNoBodies();
    }

    @Test
    void aQuestionForTheIndexHasADepth() {
        assertThat(gateway.call("POST", "/v2/repository/index", "{\"x\":" + "[".repeat(63) + "]".repeat(63) + "}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(gateway.call("POST", "/v2/repository/index", "{\"x\":" + "[".repeat(64) + "]".repeat(64) + "}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void aQuestionForTheIndexHasALimit() {
        assertThat(gateway.call("POST", "/v2/repository/index", " ".repeat(100_000))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void loadingIsThePlatformsAndItIsSaidWhatToDo() {
        HttpResponse<String> load = gateway.call("POST", "/v2/repository/models/fraud/load", "{\"parameters\":{}}");
        HttpResponse<String> unload = gateway.call("POST", "/v2/repository/models/fraud/unload", "");

        assertThat(load.statusCode()).isEqualTo(400);
        assertThat(error(load))
                .startsWith("failed to load 'fraud', ")
                .contains("POST /api/v1/endpoints/fraud/rollouts");
        assertThat(unload.statusCode()).isEqualTo(400);
        assertThat(error(unload)).startsWith("failed to unload 'fraud', ").contains("DELETE /api/v1/endpoints/fraud");
        assertThat(gateway.call("POST", "/v2/repository/models/nobody/load", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aRepositoryByNameIsNotSupported() {
        HttpResponse<String> response = gateway.call("POST", "/v2/repository/mine/models/fraud/load", "");

        assertThat(response.statusCode()).isEqualTo(501);
        assertThat(error(response)).isEqualTo("'repository_name' specification is not supported");
    }
}
