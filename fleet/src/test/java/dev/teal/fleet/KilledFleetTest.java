package dev.teal.fleet;

import static dev.teal.fleet.kit.FakeControlPlane.environment;
import static dev.teal.fleet.kit.RunningFleet.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.fleet.kit.FakeControlPlane;
import dev.teal.fleet.kit.RunningFleet;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.MemberReport;
import dev.teal.protocol.cell.Scaling;
import dev.teal.protocol.cell.WorkerFact;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerState;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledFleetTest {

    @TempDir
    Path home;

    @Test
    void givenTheFleetIsKilledTheNextTakesUpItsWorkersAndWatchesThem() throws Exception {
        try (FakeControlPlane controlPlane = new FakeControlPlane()) {
            controlPlane.set(
                    environment(controlPlane.artifact("ready"), EnvironmentPhase.ACTIVE, new Scaling(1, 2, 600_000)));
            Process first = process(RunningFleet.arguments(home, controlPlane.address()));
            List<WorkerFact> before;
            try {
                until(() -> controlPlane
                        .report()
                        .filter(report -> report.workers().stream()
                                .map(WorkerFact::state)
                                .toList()
                                .containsAll(List.of(WorkerState.READY, WorkerState.UNASSIGNED)))
                        .isPresent());
                before = controlPlane.report().orElseThrow().workers();
            } finally {
                first.destroyForcibly().waitFor();
            }

            RunningFleet next = RunningFleet.start(home, controlPlane);
            try {
                assertThat(next.facts()).isEqualTo(before);
                assertThat(next.ready()).hasSize(1);

                // Nobody's child here: its end must be noticed all the same
                WorkerFact ready = next.fact(next.ready().getFirst().id());
                new ProcessBuilder("kill", "-KILL", Long.toString(ready.pid()))
                        .start()
                        .waitFor();
                until(() ->
                        next.ready().stream().anyMatch(worker -> !worker.id().equals(ready.id())));
            } finally {
                next.end();
            }
        }
    }

    @Test
    void givenAnAdoptedWorkerEndsForItsMemoryBeforeItIsReadyTheVersionIsAtFaultAtOnce() throws Exception {
        Path released = home.resolve("released");
        try (FakeControlPlane controlPlane = new FakeControlPlane()) {
            controlPlane.set(environment(
                    controlPlane.artifact("after=" + released + " exit=80"),
                    EnvironmentPhase.LOADING,
                    new Scaling(1, 1, 600_000)));
            String[] noPool = {"--fleet.worker.pool=0"};
            Process first = process(RunningFleet.arguments(home, controlPlane.address(), noPool));
            try {
                until(() -> controlPlane
                        .report()
                        .filter(report ->
                                report.workers().stream().anyMatch(worker -> worker.state() == WorkerState.LOADING))
                        .isPresent());
            } finally {
                first.destroyForcibly().waitFor();
            }

            RunningFleet next = RunningFleet.start(home, controlPlane, noPool);
            try {
                WorkerFact adopted = next.facts().getFirst();
                Files.createFile(released);
                until(() ->
                        controlPlane.fact().map(fact -> fact.failure() != null).orElse(false));

                assertThat(controlPlane.fact().orElseThrow().failure().code())
                        .isEqualTo(WorkerFailure.Code.MEMORY_EXCEEDED);
                assertThat(home.resolve("fleet/logs").toFile().list()).containsExactly(adopted.id() + ".log");
                until(() -> next.facts().isEmpty());
                assertThat(home.resolve("s")).isEmptyDirectory();
            } finally {
                next.end();
            }
        }
    }

    @Test
    void givenASignalWorkersStayAndGivenAStopTheyEndWithTheFleet() throws Exception {
        try (FakeControlPlane controlPlane = new FakeControlPlane()) {
            controlPlane.set(
                    environment(controlPlane.artifact("ready"), EnvironmentPhase.ACTIVE, new Scaling(1, 2, 600_000)));
            List<String> arguments = RunningFleet.arguments(home, controlPlane.address(), "--fleet.worker.pool=0");
            Process first = process(arguments);
            until(() -> reportOf(controlPlane, first).isPresent());
            WorkerFact worker =
                    reportOf(controlPlane, first).orElseThrow().workers().getFirst();
            ProcessHandle running = ProcessHandle.of(worker.pid()).orElseThrow();

            first.destroy();
            assertThat(first.waitFor()).isEqualTo(143);
            assertThat(running.isAlive()).isTrue();

            String instance = controlPlane.report().orElseThrow().instance();
            Process second = process(arguments);
            until(() -> reportOf(controlPlane, second)
                    .filter(report -> !report.instance().equals(instance))
                    .isPresent());
            MemberReport adopted = reportOf(controlPlane, second).orElseThrow();
            assertThat(adopted.workers()).containsExactly(worker);
            HttpRequest stop = HttpRequest.newBuilder(URI.create(adopted.address() + "/fleet/v1/stop"))
                    .header("Authorization", "Bearer " + Files.readString(home.resolve("cell.key")))
                    .POST(HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(stop, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(202);

            assertThat(second.waitFor()).isZero();
            until(() -> !Files.exists(Path.of("/proc", Long.toString(worker.pid()), "exe")));
        }
    }

    private static Optional<MemberReport> reportOf(FakeControlPlane controlPlane, Process fleet) {
        assertThat(fleet.isAlive()).isTrue();
        return controlPlane
                .report()
                .filter(report ->
                        report.environments().stream().anyMatch(environment -> environment.readyWorkers() == 1));
    }

    private Process process(List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FleetApplication.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("fleet.log").toFile())
                .start();
    }
}
