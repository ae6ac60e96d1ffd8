package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.activation.LaneKey;
import dev.teal.gateway.activation.Lanes;
import dev.teal.gateway.fake.FakeWorker;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.Route;
import dev.teal.protocol.oip.ModelStatistics;
import dev.teal.protocol.oip.ModelStatistics.InferenceStats;
import dev.teal.protocol.oip.ModelStatistics.MemoryUsage;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What clients of the statistics rely on while workers come and go. */
class StatisticsTest {
    private final GatewayFixture gateway = new GatewayFixture();
    private long most;

    @BeforeEach
    void start() {
        gateway.controlPlane.publish(States.blueOnly("idle", 1, States.LIMITS));
        long revision = gateway.controlPlane.publish(States.blueOnly("fraud", 1, States.LIMITS));
        gateway.start().inForce(revision);
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private static Mono<String> told(long rows) {
        return Mono.just(Json.MAPPER.writeValueAsString(new ModelStatistics.Listing(List.of(new ModelStatistics(
                "own", "9", 0, rows, rows, InferenceStats.NONE, List.of(), List.of(new MemoryUsage("CPU", 0, 100)))))));
    }

    private FakeWorker worker(String endpoint) {
        return gateway.worker(endpoint, Color.BLUE, "1");
    }

    private void awaitWorkers(int count) {
        Lanes lanes = gateway.context().getBean(Lanes.class);
        LaneKey lane = new LaneKey("fraud", States.environmentId("fraud", Color.BLUE), States.digest("1"));
        await().atMost(LONG).until(() -> lanes.lane(lane).workers().size() == count);
    }

    private ModelStatistics statistics() {
        ModelStatistics told = Json.MAPPER
                .readValue(gateway.get("/v2/models/fraud/stats").body(), ModelStatistics.Listing.class)
                .modelStats()
                .getFirst();
        assertThat(told.inferenceCount()).isGreaterThanOrEqualTo(most);
        most = told.inferenceCount();
        return told;
    }

    @Test
    void givenAVersionGoesToOneWorkerToNoneAndBackItsCountsNeverFall() {
        FakeWorker one = worker("fraud").statistics(told(3));
        FakeWorker two = worker("fraud").statistics(told(4));
        gateway.fleet.list(one.address(), two.address());
        awaitWorkers(2);
        assertThat(statistics().inferenceCount()).isEqualTo(7);
        assertThat(statistics().memoryUsage()).containsExactly(new MemoryUsage("CPU", 0, 200));

        gateway.fleet.list(one.address());
        awaitWorkers(1);
        assertThat(statistics().inferenceCount()).isEqualTo(7);
        assertThat(statistics().memoryUsage()).containsExactly(new MemoryUsage("CPU", 0, 100));

        one.statistics(told(5));
        assertThat(statistics().inferenceCount()).isEqualTo(9);
        one.statistics(Mono.never());
        assertThat(statistics().inferenceCount())
                .as("it does not answer in time")
                .isEqualTo(9);

        gateway.fleet.list();
        awaitWorkers(0);
        assertThat(statistics().inferenceCount()).isEqualTo(9);
        assertThat(statistics().memoryUsage()).isEmpty();

        FakeWorker next = worker("fraud").statistics(told(1));
        gateway.fleet.list(next.address());
        awaitWorkers(1);
        assertThat(statistics().inferenceCount()).isEqualTo(10);
    }

    @Test
    void givenNobodyAskedWhileAWorkerWasThereWhatItDidCountsAndWhoDidNothingIsNotLookedAt() {
        AtomicInteger looks = new AtomicInteger();
        AtomicInteger looksAtIdle = new AtomicInteger();
        FakeWorker one = worker("fraud").statistics(told(1).doOnSubscribe(_ -> looks.incrementAndGet()));
        FakeWorker idle = worker("idle").statistics(told(0).doOnSubscribe(_ -> looksAtIdle.incrementAndGet()));
        gateway.fleet.list(one.address(), idle.address());
        awaitWorkers(1);
        assertThat(gateway.infer("fraud", "{}").statusCode()).isEqualTo(200);

        await().atMost(LONG).until(() -> looks.get() == 1);
        assertThat(gateway.infer("fraud", "{}").statusCode()).isEqualTo(200);
        await().atMost(LONG).until(() -> looks.get() == 2);
        gateway.fleet.list(idle.address());
        awaitWorkers(0);

        assertThat(statistics().inferenceCount()).isEqualTo(1);
        assertThat(looksAtIdle).hasValue(0);
    }

    @Test
    void givenAVersionLeavesItsEndpointAndComesBackItBeginsAnew() {
        FakeWorker one = worker("fraud").statistics(told(3));
        gateway.fleet.list(one.address());
        awaitWorkers(1);
        assertThat(statistics().inferenceCount()).isEqualTo(3);
        gateway.fleet.list();
        awaitWorkers(0);

        AtomicInteger looks = new AtomicInteger();
        FakeWorker other = gateway.worker("fraud", Color.GREEN, "2")
                .statistics(told(1).doOnSubscribe(_ -> looks.incrementAndGet()));
        gateway.fleet.list(other.address());
        gateway.inForce(gateway.controlPlane.publish(new EndpointState(
                "fraud",
                2,
                Route.allTo(Color.GREEN),
                null,
                States.LIMITS,
                null,
                States.environment("fraud", Color.GREEN, "2", EnvironmentPhase.ACTIVE))));
        assertThat(gateway.infer("fraud", "{}").statusCode()).isEqualTo(200);
        await().atMost(LONG).until(() -> looks.get() == 1);
        gateway.inForce(gateway.controlPlane.publish(States.blueOnly("fraud", 3, States.LIMITS)));

        most = 0;
        assertThat(statistics().inferenceCount()).isZero();
    }
}
