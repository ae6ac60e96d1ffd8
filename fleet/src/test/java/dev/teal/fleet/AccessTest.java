package dev.teal.fleet;

import static dev.teal.fleet.kit.FakeControlPlane.environment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.fleet.kit.FakeControlPlane;
import dev.teal.fleet.kit.RunningFleet;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.Scaling;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessTest {

    private FakeControlPlane controlPlane;
    private RunningFleet fleet;

    @BeforeAll
    void start(@TempDir Path home) throws Exception {
        controlPlane = new FakeControlPlane();
        fleet = RunningFleet.start(home, controlPlane, "--fleet.worker.pool=0");
    }

    @AfterAll
    void end() {
        fleet.end();
        controlPlane.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer wrong", "Bearer teal_cell_ke", "Bearer teal_cell_key2", "Basic teal_cell_key"})
    void givenNoKeyOrAWrongOneNothingAnswers(String authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(fleet.address().resolve("/fleet/v1/workers"));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }

        HttpResponse<String> answer = fleet.send(request.build());

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("/problems/cell-key-required");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"gateway\":\"g\"}", "{\"environments\":null}"})
    void givenADemandThatCannotBeReadItIsABadRequest(String body) {
        HttpResponse<String> answer = fleet.send(fleet.request("/fleet/v1/demand")
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build());

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void givenTooLongABodyItIsRefused() {
        HttpResponse<String> answer = fleet.send(fleet.request("/fleet/v1/demand")
                .PUT(HttpRequest.BodyPublishers.ofString(" ".repeat(3_000_000) + "{}"))
                .build());

        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void givenAWorkerTheManagementPortShowsItAndItsMetrics() {
        String digest = controlPlane.artifact("ready");
        controlPlane.set(environment(digest, EnvironmentPhase.ACTIVE, new Scaling(1, 1, 600_000)));
        RunningFleet.until(() -> fleet.ready().size() == 1);
        String worker = fleet.ready().getFirst().id();

        assertThat(manage("/actuator/workers")).contains(worker, digest, "\"state\":\"READY\"");
        assertThat(manage("/actuator/workers/" + worker)).isEqualTo("worker_fake{id=\"" + worker + "\"} 1\n");
        assertThat(manage("/actuator/health")).contains("\"status\":\"UP\"");
        assertThat(manage("/actuator/prometheus"))
                .contains("fleet_workers{state=\"ready\"} 1.0")
                .contains("fleet_cold_start_seconds_count{phase=\"total\"} 1")
                .contains("fleet_cache_requests_total{outcome=\"miss\"} 1.0")
                .contains("fleet_cache_size_bytes 5.0")
                .contains("fleet_state_revision 1.0");
    }

    private String manage(String path) {
        String port = fleet.context().getEnvironment().getProperty("local.management.port");
        return fleet.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .build())
                .body();
    }
}
