package dev.teal.fleet.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.teal.fleet.kit.RunningFleet;
import dev.teal.protocol.worker.ExitNote;
import dev.teal.protocol.worker.WorkerExit;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class AdoptionTest {

    @TempDir
    Path home;

    private UnixHttp http;
    private SocketDirectory sockets;
    private WorkerRecords records;

    @BeforeEach
    void open() throws IOException {
        http = new UnixHttp();
        sockets = SocketDirectory.open(null, home);
        records = new WorkerRecords(home.resolve("workers"));
    }

    @AfterEach
    void close() throws IOException {
        http.close();
        for (WorkerRecord left : records()) {
            sockets.remove(left.id());
        }
        Files.delete(sockets.path());
    }

    private List<WorkerRecord> records() throws IOException {
        return records.all(id -> new WorkerRecord(id, 0, null, "", "", null, null));
    }

    private LocalWorkerRuntime runtime() throws IOException {
        String jar = RunningFleet.arguments(home, URI.create("http://127.0.0.1:1")).stream()
                .filter(argument -> argument.startsWith("--fleet.worker.jar="))
                .findFirst()
                .orElseThrow()
                .replace("--fleet.worker.jar=", "");
        WorkerProperties properties = new WorkerProperties(
                Path.of(jar),
                null,
                null,
                0,
                DataSize.ofMegabytes(64),
                null,
                List.of("-XX:TieredStopAtLevel=1"),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                DataSize.ofMegabytes(1),
                DataSize.ofMegabytes(1));
        return new LocalWorkerRuntime(properties, home, sockets, http, RandomGenerator.getDefault());
    }

    private RunningWorker up(LocalWorkerRuntime runtime) throws IOException {
        RunningWorker worker = runtime.start(runtime.newId());
        RunningFleet.until(() ->
                worker.control().health().handle((ok, failed) -> failed == null).get());
        return worker;
    }

    private void note(String id, long pid, Instant startedAt) throws IOException {
        records.write(new WorkerRecord(
                id,
                pid,
                startedAt,
                sockets.inference(id).toString(),
                sockets.control(id).toString(),
                null,
                null));
    }

    @Test
    void givenThePidBelongsToAnotherProcessNowThatOneIsLeftAlone() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            Instant started = stranger.info().startInstant().orElseThrow();
            note("w-stale", stranger.pid(), started.minus(Duration.ofHours(1)));
            Files.createFile(sockets.control("w-stale"));

            assertThat(runtime().adopt()).isEmpty();

            assertThat(stranger.isAlive()).isTrue();
            assertThat(records()).isEmpty();
            assertThat(sockets.control("w-stale")).doesNotExist();
        } finally {
            stranger.destroyForcibly().waitFor();
        }
    }

    @Test
    void givenOurProcessThatDoesNotAnswerItIsKilled() throws Exception {
        Process silent = new ProcessBuilder("sleep", "600").start();
        note("w-silent", silent.pid(), silent.info().startInstant().orElseThrow());

        assertThat(runtime().adopt()).isEmpty();

        assertThat(silent.waitFor()).isEqualTo(137);
        assertThat(records()).isEmpty();
    }

    @Test
    void givenAWorkerThatAnswersItIsTakenUp() throws Exception {
        RunningWorker first = up(runtime());
        try {
            List<RunningWorker> adopted = runtime().adopt();

            assertThat(adopted).extracting(RunningWorker::id).containsExactly(first.id());
            assertThat(adopted.getFirst().pid()).isEqualTo(first.pid());
            assertThat(adopted.getFirst().startedAt()).isEqualTo(first.startedAt());
        } finally {
            first.kill();
            first.exited().join();
            first.forget();
        }
    }

    @Test
    void givenAnAdoptedWorkerEndsItselfItsOwnNoteSaysWhyAndNothingStays() throws Exception {
        up(runtime());
        RunningWorker adopted = runtime().adopt().getFirst();
        Files.createFile(sockets.path().resolve(adopted.id() + ".try"));
        sockets.exitNote(adopted.id()).leave(WorkerExit.MEMORY_EXCEEDED);

        adopted.kill();
        adopted.exited().join();

        assertThat(adopted.exit()).contains(WorkerExit.MEMORY_EXCEEDED);
        adopted.forget();
        assertThat(sockets.path()).isEmptyDirectory();
    }

    @Test
    void givenAnAdoptedWorkerIsKilledAndAnotherLeftANoteNothingIsSaidOfIt() throws Exception {
        up(runtime());
        RunningWorker adopted = runtime().adopt().getFirst();
        ExitNote stranger = sockets.exitNote("w-stranger");
        stranger.leave(WorkerExit.MEMORY_EXCEEDED);
        try {
            adopted.kill();
            adopted.exited().join();

            assertThat(adopted.exit()).isEmpty();
        } finally {
            adopted.forget();
            Files.delete(stranger.file());
        }
    }

    @Test
    void givenTheFleetDiedBeforeItNotedThePidTheWorkerIsFoundByItsId() throws Exception {
        RunningWorker first = up(runtime());
        try {
            note(first.id(), 0, null);

            List<RunningWorker> adopted = runtime().adopt();

            assertThat(adopted).extracting(RunningWorker::pid).containsExactly(first.pid());
        } finally {
            first.kill();
            first.exited().join();
            first.forget();
        }
    }

    @Test
    void givenAWorkerWithOurSocketThatIsNotTheOneNotedItIsAskedToGo() throws Exception {
        RunningWorker first = up(runtime());
        note(first.id(), first.pid(), first.startedAt().minus(Duration.ofHours(1)));

        assertThat(runtime().adopt()).isEmpty();

        first.exited().join();
        assertThat(records()).isEmpty();
    }

    @Test
    void givenARecordThatIsTornAndNoProcessItIsDropped() throws Exception {
        Files.writeString(home.resolve("workers/w-torn.json"), "{\"id\":\"w-to");

        assertThat(runtime().adopt()).isEmpty();
        assertThat(home.resolve("workers/w-torn.json")).doesNotExist();
    }

    @Test
    void givenARecordThatIsTornItsWorkerIsFoundByItsId() throws Exception {
        RunningWorker first = up(runtime());
        try {
            Files.writeString(home.resolve("workers/" + first.id() + ".json"), "{\"id\":\"w-to");

            List<RunningWorker> adopted = runtime().adopt();

            assertThat(adopted).extracting(RunningWorker::pid).containsExactly(first.pid());
            assertThat(records()).extracting(WorkerRecord::pid).containsExactly(first.pid());
        } finally {
            first.kill();
            first.exited().join();
            first.forget();
        }
    }

    @Test
    void givenNoRecordCanBeWrittenAWorkerIsTakenUpAllTheSame() throws Exception {
        RunningWorker first = up(runtime());
        Path inTheWay = Files.createDirectory(home.resolve("workers/" + first.id() + ".json.tmp"));
        try {
            assertThat(runtime().adopt()).extracting(RunningWorker::pid).containsExactly(first.pid());
        } finally {
            Files.delete(inTheWay);
            first.kill();
            first.exited().join();
            first.forget();
        }
    }

    @Test
    void givenTheDiskIsFullWhenAWorkerHasBeenStartedNoProcessIsLeft() throws Exception {
        Path disk = home.resolve("workers");
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", disk.toString()) == 0,
                "only root, outside of a closed container, may mount a small file system");
        try {
            LocalWorkerRuntime runtime = runtime();
            String id = runtime.newId();

            // There is room for the intent, but not for a second one beside it
            assertThatThrownBy(() -> runtime.start(id)).isInstanceOf(IOException.class);

            RunningFleet.until(() -> ProcessIdentity.byWorkerId(id).isEmpty());
            assertThat(disk.resolve(id + ".json")).doesNotExist();
            sockets.remove(id);
        } finally {
            run("umount", disk.toString());
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).start().waitFor();
    }

    @Test
    void givenASocketDirectoryThatOthersMayEnterTheStartFails() throws Exception {
        Path open = home.resolve("open");
        Files.createDirectory(open);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThatThrownBy(() -> SocketDirectory.open(open, home))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("mode 0700");
    }

    @Test
    void givenASocketDirectoryThatIsALinkTheStartFails() throws Exception {
        Path link = Files.createSymbolicLink(home.resolve("link"), sockets.path());

        assertThatThrownBy(() -> SocketDirectory.open(link, home)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void givenTooLongASocketDirectoryTheStartFails() {
        Path fits = Path.of("/tmp/" + "x".repeat(107 - 5 - 18));
        assertThat(new SocketDirectory(fits).inference(WorkerId.LONGEST).toString())
                .hasSize(107);

        assertThatThrownBy(() -> new SocketDirectory(Path.of(fits + "x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("107");
    }
}
