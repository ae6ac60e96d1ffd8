package dev.teal.fleet;

import static dev.teal.fleet.kit.FakeControlPlane.environment;
import static dev.teal.fleet.kit.RunningFleet.LIMIT;
import static dev.teal.fleet.kit.RunningFleet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.fleet.kit.RunningFleet;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.cell.WorkerAddress;
import dev.teal.protocol.cell.WorkerFact;
import dev.teal.protocol.worker.WorkerState;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

/** Workers come, are followed, and go with what they are for. */
class WorkerLifeTest extends OneFleet {

    WorkerLifeTest() {
        super("--fleet.worker.pool=0", "--fleet.worker.hang-limit=30s");
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
        again("--fleet.worker.pool=0", "--fleet.worker.hang-limit=3s");
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
