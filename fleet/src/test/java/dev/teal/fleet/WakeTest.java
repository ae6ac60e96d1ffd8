package dev.teal.fleet;

import static dev.teal.fleet.kit.FakeControlPlane.environment;
import static dev.teal.fleet.kit.RunningFleet.LIMIT;
import static dev.teal.fleet.kit.RunningFleet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.fleet.cache.ArtifactCache;
import dev.teal.fleet.kit.RunningFleet;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.Scaling;
import dev.teal.protocol.cell.WorkerAddress;
import dev.teal.protocol.worker.WorkerState;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WakeTest extends OneFleet {

    private static final Scaling FROM_ZERO = new Scaling(0, 3, 600_000);

    private String asleep(String orders) {
        String digest = controlPlane.artifact(orders);
        controlPlane.set(environment(digest, EnvironmentPhase.ACTIVE, FROM_ZERO));
        until(() -> controlPlane.fact().isPresent());
        return digest;
    }

    @Test
    void givenASleepingEnvironmentTwoHundredCallersWakeOneWorker() throws Exception {
        Path released = home.resolve("released");
        String digest = asleep("after=" + released + " ready");

        List<CompletableFuture<HttpResponse<String>>> calls = IntStream.range(0, 200)
                .mapToObj(_ -> fleet.wakeLater(digest, LIMIT))
                .toList();
        fleet.demand(digest, 0, 200, 200);
        until(() -> fleet.facts().stream().anyMatch(fact -> fact.state() == WorkerState.LOADING));
        Files.createFile(released);

        List<String> workers = calls.stream()
                .map(CompletableFuture::join)
                .map(answer -> Json.MAPPER
                        .readValue(answer.body(), WorkerAddress.class)
                        .id())
                .distinct()
                .toList();
        assertThat(workers).hasSize(1);
        assertThat(fleet.ready()).extracting(WorkerAddress::id).isEqualTo(workers);
        assertThat(controlPlane.fetches(digest)).isEqualTo(1);
        until(() -> controlPlane.fact().orElseThrow().readyWorkers() == 1);
        assertThat(controlPlane.fact().orElseThrow().furthest()).isEqualTo(WorkerState.READY);
    }

    @Test
    void givenAPoolAWakeTakesFromItAndItFillsAgain() {
        until(() -> fleet.facts().stream().anyMatch(fact -> fact.state() == WorkerState.UNASSIGNED));
        String pooled = fleet.facts().getFirst().id();
        String digest = asleep("ready");

        WorkerAddress woken = fleet.woken(digest);

        assertThat(woken.id()).isEqualTo(pooled);
        assertThat(fleet.fact(pooled).coldStart().processMillis()).isZero();
        assertThat(fleet.fact(pooled).memory().modelBytes()).isEqualTo(20_000_000);
        until(() -> fleet.facts().size() == 2
                && fleet.facts().stream().anyMatch(fact -> fact.state() == WorkerState.UNASSIGNED));
    }

    @Test
    void givenAFaultyVersionAllWaitersAreToldAtOnce() throws Exception {
        Path released = home.resolve("released");
        String digest = asleep("after=" + released + " fail=GOLDEN_MISMATCH");

        List<CompletableFuture<HttpResponse<String>>> calls = IntStream.range(0, 20)
                .mapToObj(_ -> fleet.wakeLater(digest, LIMIT))
                .toList();
        until(() -> fleet.facts().stream().anyMatch(fact -> fact.state() == WorkerState.LOADING));
        Files.createFile(released);

        for (CompletableFuture<HttpResponse<String>> call : calls) {
            HttpResponse<String> answer = call.join();
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValueAsLong("Retry-After")).isPresent();
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(answer.body()).contains("told to fail with GOLDEN_MISMATCH", "/problems/no-worker");
        }
        HttpResponse<String> held = fleet.wake(digest, LIMIT);
        assertThat(held.statusCode()).isEqualTo(503);
    }

    @Test
    void givenAWorkerThatTakesLongerThanTheCallerHasTheCallerGetsADeadlineAndTheWorkerGoesOn() throws Exception {
        Path released = home.resolve("released");
        String digest = asleep("after=" + released + " ready");

        HttpResponse<String> answer = fleet.wake(digest, Duration.ofMillis(300));
        Files.createFile(released);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("within 300 ms");
        until(() -> fleet.ready().size() == 1);
    }

    @Test
    void givenAWrongNameOrDigestAWakeIsRefused() {
        String digest = asleep("ready");

        assertThat(fleet.send(fleet.wakeRequest("nobody", digest, LIMIT)).statusCode())
                .isEqualTo(404);
        HttpResponse<String> other = fleet.wake("sha256:" + "0".repeat(64), LIMIT);
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(Json.MAPPER.readTree(other.body()).path("digest").asString()).isEqualTo(digest);
        assertThat(fleet.wake(digest, Duration.ZERO).statusCode()).isEqualTo(400);
    }

    @Test
    void givenTheControlPlaneIsDeadAFleetThatRestartsWakesFromItsCache() throws Exception {
        String digest = asleep("ready");
        until(() -> controlPlane.fetches(digest) == 1
                && fleet.bean(ArtifactCache.class).has(digest));
        controlPlane.close();
        fleet.close();

        fleet = RunningFleet.start(home, controlPlane);

        assertThat(fleet.woken(digest).digest()).isEqualTo(digest);
    }
}
