package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static dev.teal.gateway.GatewayFixture.error;
import static dev.teal.gateway.GatewayFixture.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.FakeWorker;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.EndpointLimits;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.Route;
import dev.teal.protocol.oip.ModelStatistics;
import dev.teal.protocol.oip.ModelStatistics.BatchStats;
import dev.teal.protocol.oip.ModelStatistics.InferenceStats;
import dev.teal.protocol.oip.ModelStatistics.Total;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The Open Inference Protocol's paths beside inference. No request here may wake anything. */
class RestTest {
    private static final GatewayFixture gateway = new GatewayFixture();
    private static FakeWorker one;
    private static FakeWorker two;
    private static FakeWorker green;

    @BeforeAll
    static void start() {
        one = gateway.worker("fraud", Color.BLUE, "1").statistics(told(10, 3, 2));
        two = gateway.worker("fraud", Color.BLUE, "1").statistics(told(20, 4, 2));
        green = gateway.worker("fraud", Color.GREEN, "2").statistics(told(5, 1, 1));
        gateway.fleet.list(one.address(), two.address(), green.address());
        gateway.controlPlane.publish(States.both("fraud", 7, Color.BLUE));
        gateway.controlPlane.publish(new EndpointState("coming", 0, Route.NOWHERE, null, States.LIMITS, null, null));
        gateway.controlPlane.publish(new EndpointState(
                "changing",
                3,
                Route.allTo(Color.GREEN),
                null,
                States.LIMITS,
                States.environment("changing", Color.BLUE, "3", EnvironmentPhase.LOADING),
                States.environment("changing", Color.GREEN, "2", EnvironmentPhase.ACTIVE)));
        gateway.controlPlane.publish(new EndpointState(
                "leaving",
                3,
                Route.allTo(Color.GREEN),
                null,
                States.LIMITS,
                States.environment("leaving", Color.BLUE, "1", EnvironmentPhase.DRAINING),
                States.environment("leaving", Color.GREEN, "2", EnvironmentPhase.ACTIVE)));
        gateway.controlPlane.publish(States.blueOnly("secret", 1, new EndpointLimits(20_000, 1_000, true)));
        gateway.start().inForce(gateway.controlPlane.publish(States.blueOnly("näme", 1, States.LIMITS)));
        await().atMost(LONG)
                .until(() -> json(gateway.get("/v2/models/fraud/stats"))
                                .path("model_stats")
                                .path(0)
                                .path("inference_count")
                                .asLong()
                        == 7);
    }

    @AfterAll
    static void stop() {
        try {
            assertThat(gateway.fleet.demands())
                    .allSatisfy(demand -> assertThat(demand.environments())
                            .allSatisfy(environment ->
                                    assertThat(environment.queued()).isZero()));
        } finally {
            gateway.close();
        }
    }

    private static Mono<String> told(long lastInference, long rows, int batchSize) {
        ModelStatistics statistics = new ModelStatistics(
                "its own name",
                "9",
                lastInference,
                rows,
                1,
                InferenceStats.NONE,
                List.of(new BatchStats(batchSize, new Total(1, rows), Total.NONE, Total.NONE)),
                List.of());
        return Mono.just(Json.MAPPER.writeValueAsString(new ModelStatistics.Listing(List.of(statistics))));
    }

    private static JsonNode json(HttpResponse<String> response) {
        return Json.MAPPER.readTree(response.body());
    }

    private static HttpResponse<String> call(String method, String path, String body) {
        return gateway.send(gateway.request(path)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build());
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
                HttpResponse<String> response = call(method, path, "");

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
            HttpResponse<String> response = call(method, path, "");

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
    void statisticsOfAVersionsWorkersAreAddedUp() {
        JsonNode both = json(gateway.get("/v2/models/fraud/stats")).path("model_stats");
        JsonNode second = json(gateway.get("/v2/models/fraud/versions/2/stats")).path("model_stats");

        assertThat(both.size()).isEqualTo(2);
        JsonNode first = both.path(0);
        assertThat(first.path("name").asString()).isEqualTo("fraud");
        assertThat(first.path("version").asString()).isEqualTo("1");
        assertThat(first.path("last_inference").asLong()).isEqualTo(20);
        assertThat(first.path("inference_count").asLong()).isEqualTo(7);
        assertThat(first.path("execution_count").asLong()).isEqualTo(2);
        assertThat(first.path("batch_stats").size()).isEqualTo(1);
        assertThat(first.path("batch_stats")
                        .path(0)
                        .path("compute_input")
                        .path("ns")
                        .asLong())
                .isEqualTo(7);
        assertThat(second.size()).isEqualTo(1);
        assertThat(second.path(0).path("version").asString()).isEqualTo("2");
        assertThat(second.path(0).path("inference_count").asLong()).isEqualTo(1);
    }

    @Test
    void whatSleepsHasDoneNothingAndIsNotWoken() {
        JsonNode told = json(gateway.get("/v2/models/n%C3%A4me/stats")).path("model_stats");

        assertThat(told.size()).isEqualTo(1);
        assertThat(told.path(0).path("inference_count").asLong(-1)).isZero();
        assertThat(told.path(0)
                        .path("inference_stats")
                        .path("success")
                        .path("count")
                        .asLong(-1))
                .isZero();
        assertThat(gateway.fleet.wakes("näme-blue")).isZero();
    }

    @Test
    void statisticsOfAllAreOfAllThatACallerMayKnow() {
        JsonNode told = json(gateway.get("/v2/models/stats")).path("model_stats");

        assertThat(told.findValuesAsString("name"))
                .filteredOn(name -> !name.equals("quiet"))
                .containsExactly("changing", "changing", "fraud", "fraud", "leaving", "leaving", "näme");
    }

    @Test
    void aWorkerThatDoesNotTellInTimeOrTellsNonsenseIsLeftOut() {
        FakeWorker silent = gateway.worker("quiet", Color.BLUE, "1").statistics(Mono.never());
        FakeWorker odd = gateway.worker("quiet", Color.BLUE, "1").statistics(Mono.just("{\"model_stats\":[{}]}"));
        FakeWorker well = gateway.worker("quiet", Color.BLUE, "1").statistics(told(1, 2, 1));
        gateway.fleet.add(silent.address());
        gateway.fleet.add(odd.address());
        gateway.fleet.add(well.address());
        gateway.inForce(gateway.controlPlane.publish(States.blueOnly("quiet", 1, States.LIMITS)));

        await().atMost(LONG)
                .until(() -> json(gateway.get("/v2/models/quiet/stats"))
                                .path("model_stats")
                                .path(0)
                                .path("inference_count")
                                .asLong()
                        == 2);
        silent.statistics(Mono.just("{\"model_stats\":[]}"));
    }

    @Test
    void theIndexListsEachVersionInAnEnvironment() {
        assertThat(json(call("POST", "/v2/repository/index", "")))
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
        JsonNode ready = json(call("POST", "/v2/repository/index", "{\"ready\":true}"));
        JsonNode all = json(call("POST", "/v2/repository/index", "{\"ready\":false}"));

        assertThat(ready.findValuesAsString("state")).containsOnly("READY").isNotEmpty();
        assertThat(all.size()).isGreaterThan(ready.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"ready\":1}", "{\"ready\":\"true\"}", "{\"ready\":null}", "[]", "{", "ready"})
    void aQuestionForTheIndexThatIsNoneIsRefused(String body) {
        HttpResponse<String> response = call("POST", "/v2/repository/index", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error(response)).isNotBlank();
        gateway.awaitNoBodies();
    }

    @Test
    void aQuestionForTheIndexHasADepth() {
        assertThat(call("POST", "/v2/repository/index", "{\"x\":" + "[".repeat(63) + "]".repeat(63) + "}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(call("POST", "/v2/repository/index", "{\"x\":" + "[".repeat(64) + "]".repeat(64) + "}")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void aQuestionForTheIndexHasALimit() {
        assertThat(call("POST", "/v2/repository/index", " ".repeat(100_000)).statusCode())
                .isEqualTo(413);
    }

    @Test
    void loadingIsThePlatformsAndItIsSaidWhatToDo() {
        HttpResponse<String> load = call("POST", "/v2/repository/models/fraud/load", "{\"parameters\":{}}");
        HttpResponse<String> unload = call("POST", "/v2/repository/models/fraud/unload", "");

        assertThat(load.statusCode()).isEqualTo(400);
        assertThat(error(load))
                .startsWith("failed to load 'fraud', ")
                .contains("POST /api/v1/endpoints/fraud/rollouts");
        assertThat(unload.statusCode()).isEqualTo(400);
        assertThat(error(unload)).startsWith("failed to unload 'fraud', ").contains("DELETE /api/v1/endpoints/fraud");
        assertThat(call("POST", "/v2/repository/models/nobody/load", "").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aRepositoryByNameIsNotSupported() {
        HttpResponse<String> response = call("POST", "/v2/repository/mine/models/fraud/load", "");

        assertThat(response.statusCode()).isEqualTo(501);
        assertThat(error(response)).isEqualTo("'repository_name' specification is not supported");
    }

    @Test
    void whoNeedsAKeyForAnEndpointNeedsItForAllOfItsPaths() {
        for (String path : List.of("", "/ready", "/config", "/stats")) {
            assertThat(gateway.get("/v2/models/secret" + path).statusCode()).isEqualTo(401);
        }
        assertThat(call("POST", "/v2/repository/models/secret/load", "").statusCode())
                .isEqualTo(401);
    }
}
