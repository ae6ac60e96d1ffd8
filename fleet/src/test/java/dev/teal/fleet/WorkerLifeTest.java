package dev.teal.fleet;

import static dev.teal.fleet.kit.FakeControlPlane.environment;
import static dev.teal.fleet.kit.RunningFleet.LIMIT;
import static dev.teal.fleet.kit.RunningFleet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.fleet.kit.FakeControlPlane;
import dev.teal.fleet.kit.RunningFleet;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.cell.Scaling;
import dev.teal.protocol.cell.WorkerAddress;
import dev.teal.protocol.cell.WorkerFact;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerState;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.FileSystemUtils;

class WorkerLifeTest {

    private static final Scaling ONE_STAYS = new Scaling(1, 3, 600_000);
    private static final Scaling SOON_IDLE = new Scaling(0, 3, 200);

    @TempDir
    Path home;

    private FakeControlPlane controlPlane;
    private RunningFleet fleet;

    @BeforeEach
    void start() throws IOException {
        controlPlane = new FakeControlPlane();
        fleet = RunningFleet.start(home, controlPlane, "--fleet.worker.pool=0", "--fleet.worker.hang-limit=30s");
    }

    @AfterEach
    void end() {
        fleet.end();
        controlPlane.close();
    }

    private WorkerFact oneReady(String digest, EnvironmentPhase phase, Scaling scaling) {
        controlPlane.set(environment(digest, phase, scaling));
        until(() -> fleet.ready().size() == 1);
        return fleet.fact(fleet.ready().getFirst().id());
    }

    private static ProcessHandle process(WorkerFact worker) {
        return ProcessHandle.of(worker.pid()).orElseThrow();
    }

    private static void signal(WorkerFact worker, String signal) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", signal, Long.toString(worker.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void givenAWorkerIsKilledAnotherTakesItsPlace() throws Exception {
        WorkerFact first = oneReady(controlPlane.artifact("ready"), EnvironmentPhase.ACTIVE, ONE_STAYS);

        signal(first, "-KILL");

        until(() -> fleet.ready().stream().anyMatch(worker -> !worker.id().equals(first.id())));
        assertThat(home.resolve("fleet/workers/" + first.id() + ".json")).doesNotExist();
        assertThat(fleet.sockets().resolve(first.id() + ".ctl")).doesNotExist();
    }

    @Test
    void givenAWorkerHangsItIsKilledAndReplaced() throws Exception {
        fleet.end();
        fleet = RunningFleet.start(home, controlPlane, "--fleet.worker.pool=0", "--fleet.worker.hang-limit=3s");
        WorkerFact first = oneReady(controlPlane.artifact("ready"), EnvironmentPhase.ACTIVE, ONE_STAYS);
        ProcessHandle process = process(first);

        signal(first, "-STOP");

        until(() -> fleet.ready().stream().anyMatch(worker -> !worker.id().equals(first.id())));
        until(() -> !process.isAlive());
    }

    @Test
    void givenTheFleetRestartsItsWorkersGoOn() throws Exception {
        WorkerFact before = oneReady(controlPlane.artifact("ready"), EnvironmentPhase.ACTIVE, ONE_STAYS);
        fleet.close();

        fleet = RunningFleet.start(home, controlPlane, "--fleet.worker.pool=0");

        // Gateways that ask first thing are told of it: it was taken up before the port opened
        assertThat(fleet.ready()).extracting(WorkerAddress::id).containsExactly(before.id());
        WorkerFact after = fleet.fact(before.id());
        assertThat(after).isEqualTo(before);
        until(() -> controlPlane
                .report()
                .filter(report -> report.environments().size() == 1
                        && report.environments().getFirst().readyWorkers() == 1
                        && report.workers().equals(List.of(before)))
                .isPresent());
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
    void givenAnIdleWorkerItLeavesButNotWhileItHoldsWork() throws IOException {
        String digest = controlPlane.artifact("ready");
        controlPlane.set(environment(digest, EnvironmentPhase.ACTIVE, SOON_IDLE));
        until(() -> controlPlane.fact().isPresent());
        WorkerAddress worker = fleet.woken(digest);
        Path busy = Files.createFile(fleet.sockets().resolve(worker.id() + ".busy"));

        // The gateway sees nothing of what the worker holds, as in the instant before its next report: the worker alone
        // knows
        long[] asked = {0};
        until(() -> {
            fleet.demand(digest, 0, 0, 1);
            return asked[0]++ > 50;
        });
        assertThat(fleet.ready()).containsExactly(worker);
        Files.delete(busy);

        until(() -> {
            fleet.demand(digest, 0, 0, 1);
            return fleet.facts().isEmpty();
        });
        until(() -> controlPlane.fact().orElseThrow().workers() == 0);
        assertThat(fleet.woken(digest).id()).isNotEqualTo(worker.id());
    }

    @Test
    void givenWorkersThatAreGoneBeforeTheySayThatTheyDrainNoneCountsAsACrash() {
        String digest = controlPlane.artifact("quick ready");
        controlPlane.set(environment(digest, EnvironmentPhase.ACTIVE, SOON_IDLE));
        until(() -> controlPlane.fact().isPresent());

        for (int life = 0; life < 3; life++) {
            fleet.woken(digest);
            until(() -> {
                fleet.demand(digest, 0, 0, 1);
                return fleet.facts().isEmpty();
            });
        }

        fleet.woken(digest);
        assertThat(fleet.bean(MeterRegistry.class)
                        .get("fleet.worker.exits")
                        .tag("reason", "drained")
                        .counter()
                        .count())
                .isEqualTo(3);
    }

    @Test
    void givenTheLogsWereClearedAwayWorkersStart() throws IOException {
        oneReady(controlPlane.artifact("ready"), EnvironmentPhase.ACTIVE, ONE_STAYS);
        FileSystemUtils.deleteRecursively(home.resolve("fleet/logs"));

        controlPlane.set(environment(controlPlane.artifact(" ready"), EnvironmentPhase.ACTIVE, ONE_STAYS));

        until(() -> controlPlane
                .fact()
                .filter(fact -> fact.workers() == 1 && fact.readyWorkers() == 1)
                .isPresent());
    }

    @Test
    void givenGatewaysAreSilentAnIdleWorkerStays() {
        String digest = controlPlane.artifact("ready");
        controlPlane.set(environment(digest, EnvironmentPhase.ACTIVE, SOON_IDLE));
        until(() -> controlPlane.fact().isPresent());
        WorkerAddress worker = fleet.woken(digest);

        // Twice the idle timeout, as the fleet's own reports count it
        long seen = controlPlane.report().orElseThrow().sequence();
        until(() -> controlPlane.report().orElseThrow().sequence() > seen + 3);

        assertThat(fleet.ready()).containsExactly(worker);
    }

    @Test
    void givenOtherRuntimeSettingsAReplacementIsReadyBeforeTheOldOneLeaves() throws IOException {
        Path released = home.resolve("released");
        Files.createFile(released);
        String digest = controlPlane.artifact("after=" + released + " ready");
        WorkerFact old = oneReady(digest, EnvironmentPhase.ACTIVE, ONE_STAYS);
        Files.delete(released);

        controlPlane.set(environment(digest, EnvironmentPhase.ACTIVE, ONE_STAYS, new RuntimeSettings(2, 8)));
        until(() -> fleet.facts().size() == 2
                && fleet.facts().stream().anyMatch(fact -> fact.state() == WorkerState.LOADING));

        assertThat(fleet.ready()).extracting(WorkerAddress::id).containsExactly(old.id());
        Files.createFile(released);
        until(() -> fleet.facts().size() == 1 && fleet.ready().stream().anyMatch(worker -> worker.concurrency() == 8));
    }

    @Test
    void givenMoreMinimumWorkersThatManyRun() {
        String digest = controlPlane.artifact("ready");
        oneReady(digest, EnvironmentPhase.STANDBY, ONE_STAYS);

        controlPlane.set(environment(digest, EnvironmentPhase.STANDBY, new Scaling(2, 3, 600_000)));

        until(() -> fleet.ready().size() == 2);
    }

    @Test
    void givenAnEnvironmentDrainsOrIsGoneItsWorkersFinishAndLeave() throws IOException {
        String digest = controlPlane.artifact("ready");
        WorkerFact worker = oneReady(digest, EnvironmentPhase.ACTIVE, ONE_STAYS);
        Path busy = Files.createFile(fleet.sockets().resolve(worker.id() + ".busy"));

        controlPlane.set(environment(digest, EnvironmentPhase.DRAINING, ONE_STAYS));
        until(() -> fleet.fact(worker.id()).state() == WorkerState.DRAINING);
        assertThat(fleet.ready()).isEmpty();
        controlPlane.clear();
        Files.delete(busy);

        until(() -> fleet.facts().isEmpty());
        assertThat(fleet.wake(digest, LIMIT).statusCode()).isEqualTo(404);
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
    void givenDemandOfManyMoreWorkersCome() {
        String digest = controlPlane.artifact("ready");
        oneReady(digest, EnvironmentPhase.ACTIVE, ONE_STAYS);

        until(() -> {
            fleet.demand(digest, 7, 0, 7);
            return fleet.ready().size() == 3;
        });
    }

    @Test
    void givenAStopAllWorkersEndThenTheFleet() {
        WorkerFact worker = oneReady(controlPlane.artifact("ready"), EnvironmentPhase.ACTIVE, ONE_STAYS);
        ProcessHandle process = process(worker);

        HttpResponse<String> answer = fleet.send(fleet.request("/fleet/v1/stop")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());

        assertThat(answer.statusCode()).isEqualTo(202);
        until(() -> !process.isAlive() && fleet.exited());
    }

    @Test
    void givenNoRoomTheFailureTellsTheNumbers() throws IOException {
        fleet.end();
        fleet = RunningFleet.start(home, controlPlane, "--fleet.worker.pool=0", "--fleet.worker.memory-reserve=100TB");
        controlPlane.set(environment(controlPlane.artifact("ready"), EnvironmentPhase.LOADING, ONE_STAYS));

        until(() -> controlPlane.fact().map(fact -> fact.failure() != null).orElse(false));

        WorkerFailure failure = controlPlane.fact().orElseThrow().failure();
        assertThat(failure.code()).isEqualTo(WorkerFailure.Code.NO_CAPACITY);
        assertThat(failure.message()).contains("104857600 MiB are reserved");
    }

    @Test
    void givenALongPollAGatewayIsToldOfEachChangeAtOnce() {
        var before = fleet.ready(0);
        var next = fleet.wakeLater("sha256:" + "0".repeat(64), Duration.ofSeconds(1))
                .thenApply(_ -> fleet.ready(before.revision()));
        oneReady(controlPlane.artifact("ready"), EnvironmentPhase.ACTIVE, ONE_STAYS);

        var told = next.join();
        assertThat(told.instance()).isEqualTo(before.instance());
        assertThat(told.revision()).isGreaterThan(before.revision());
        assertThat(told.workers()).hasSize(1);
    }
}
