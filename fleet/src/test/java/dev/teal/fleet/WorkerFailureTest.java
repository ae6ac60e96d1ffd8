package dev.teal.fleet;

import static dev.teal.fleet.kit.FakeControlPlane.environment;
import static dev.teal.fleet.kit.RunningFleet.LIMIT;
import static dev.teal.fleet.kit.RunningFleet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.WorkerAddress;
import dev.teal.protocol.worker.WorkerFailure;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is tried again, how often, and what is told of it. */
class WorkerFailureTest extends OneFleet {

    WorkerFailureTest() {
        super("--fleet.worker.pool=0", "--fleet.worker.hang-limit=30s");
    }

    @Test
    void givenThreeCrashesWithinAMinuteNothingIsStartedAnyMore() throws IOException {
        String digest = controlPlane.artifact("ready");
        oneReady(digest, EnvironmentPhase.ACTIVE, ONE_STAYS);

        for (int crash = 0; crash < 3; crash++) {
            until(() -> fleet.ready().size() == 1);
            WorkerAddress worker = fleet.ready().getFirst();
            Files.createFile(fleet.sockets().resolve(worker.id() + ".crash"));
            until(() -> fleet.ready().stream().noneMatch(worker::equals));
        }

        until(() -> controlPlane.fact().orElseThrow().failure() != null);
        assertThat(controlPlane.fact().orElseThrow().failure())
                .isEqualTo(new WorkerFailure(WorkerFailure.Code.WORKER_DIED, "3 workers died within 60 s"));
        HttpResponse<String> wake = fleet.wake(digest, LIMIT);
        assertThat(wake.statusCode()).isEqualTo(503);
        assertThat(wake.body()).contains("3 workers died");
    }

    @Test
    void givenAFaultyVersionInLoadingItIsReportedAndNotTriedAgainUntilItChanges() {
        String digest = controlPlane.artifact("fail=SIGNATURE_MISMATCH");
        controlPlane.set(environment(digest, EnvironmentPhase.LOADING, ONE_STAYS));

        until(() -> controlPlane
                .fact()
                .filter(fact -> fact.failure() != null && fact.workers() == 0)
                .isPresent());
        long seen = controlPlane.report().orElseThrow().sequence();
        until(() -> controlPlane.report().orElseThrow().sequence() > seen + 3);
        assertThat(fleet.facts()).isEmpty();
        assertThat(controlPlane.fact().orElseThrow().failure().code()).isEqualTo(WorkerFailure.Code.SIGNATURE_MISMATCH);

        controlPlane.set(environment(controlPlane.artifact("ready"), EnvironmentPhase.LOADING, ONE_STAYS));
        until(() -> controlPlane
                .fact()
                .filter(fact -> fact.failure() == null && fact.readyWorkers() == 1)
                .isPresent());
    }

    @Test
    void givenAVersionThatKillsItsWorkersItIsTriedThreeTimes() {
        String digest = controlPlane.artifact("die");
        controlPlane.set(environment(digest, EnvironmentPhase.LOADING, ONE_STAYS));

        until(() -> controlPlane.fact().map(fact -> fact.failure() != null).orElse(false));

        assertThat(controlPlane.fact().orElseThrow().failure().code()).isEqualTo(WorkerFailure.Code.WORKER_DIED);
        assertThat(home.resolve("fleet/logs").toFile().list()).hasSize(3);
    }

    @Test
    void givenAWorkerThatEndsForItsMemoryBeforeItIsReadyTheVersionIsAtFaultAtOnce() {
        String digest = controlPlane.artifact("exit=80");
        controlPlane.set(environment(digest, EnvironmentPhase.LOADING, ONE_STAYS));

        until(() -> controlPlane.fact().map(fact -> fact.failure() != null).orElse(false));

        assertThat(controlPlane.fact().orElseThrow().failure().code()).isEqualTo(WorkerFailure.Code.MEMORY_EXCEEDED);
        assertThat(home.resolve("fleet/logs").toFile().list()).hasSize(1);
    }

    /** 1 is a virtual machine's that the system refused memory. */
    @ParameterizedTest
    @ValueSource(ints = {80, 1})
    void givenServingWorkersThatEndForTheirMemoryTheReasonIsTold(int code) {
        controlPlane.set(environment(controlPlane.artifact("ready exit=" + code), EnvironmentPhase.LOADING, ONE_STAYS));

        until(() -> controlPlane.fact().map(fact -> fact.failure() != null).orElse(false));

        WorkerFailure failure = controlPlane.fact().orElseThrow().failure();
        assertThat(failure.message()).contains("the model took more memory than a worker may have");
    }

    @Test
    void givenNoRoomTheFailureTellsTheNumbers() throws IOException {
        again("--fleet.worker.pool=0", "--fleet.worker.memory-reserve=100TB");
        controlPlane.set(environment(controlPlane.artifact("ready"), EnvironmentPhase.LOADING, ONE_STAYS));

        until(() -> controlPlane.fact().map(fact -> fact.failure() != null).orElse(false));

        WorkerFailure failure = controlPlane.fact().orElseThrow().failure();
        assertThat(failure.code()).isEqualTo(WorkerFailure.Code.NO_CAPACITY);
        assertThat(failure.message()).contains("104857600 MiB are reserved");
    }
}
