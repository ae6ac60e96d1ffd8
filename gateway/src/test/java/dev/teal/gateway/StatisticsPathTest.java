package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static dev.teal.gateway.GatewayFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.FakeWorker;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import dev.teal.protocol.Json;
import dev.teal.protocol.oip.ModelStatistics;
import dev.teal.protocol.oip.ModelStatistics.BatchStats;
import dev.teal.protocol.oip.ModelStatistics.InferenceStats;
import dev.teal.protocol.oip.ModelStatistics.Total;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** What the statistics say of workers that run, and of versions that sleep. */
class StatisticsPathTest {
    private static final GatewayFixture gateway = new GatewayFixture();

    @BeforeAll
    static void start() {
        FakeWorker one = gateway.worker("fraud", Color.BLUE, "1").statistics(told(10, 3, 2));
        FakeWorker two = gateway.worker("fraud", Color.BLUE, "1").statistics(told(20, 4, 2));
        FakeWorker green = gateway.worker("fraud", Color.GREEN, "2").statistics(told(5, 1, 1));
        gateway.fleet.list(one.address(), two.address(), green.address());
        EndpointsAsleep.start(gateway);
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
        EndpointsAsleep.stop(gateway);
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
}
