package dev.teal.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftWorkersTest {
    @TempDir
    Path directory;

    private Home home;
    private Process worker;

    @BeforeEach
    void start() throws IOException {
        home = new Home(directory);
        Files.createDirectories(home.fleetState().resolve("workers"));
        worker = new ProcessBuilder("sleep", "600").start();
    }

    @AfterEach
    void stop() {
        worker.destroyForcibly();
    }

    @Test
    void givenAFleetThatWasKilledItsWorkersAreStopped() throws Exception {
        write("w-1", worker.pid(), "\"" + worker.info().startInstant().orElseThrow() + "\"");

        assertThat(LeftWorkers.stop(home)).isOne();
        assertThat(worker.waitFor()).isNotZero();
    }

    @Test
    void givenARecordOfAnOldPidItsNewOwnerIsLeftAlone() throws Exception {
        write("w-1", worker.pid(), "\"" + Instant.EPOCH + "\"");

        assertThat(LeftWorkers.stop(home)).isZero();
        assertThat(worker.isAlive()).isTrue();
    }

    @Test
    void givenAWorkerWhosePidWasNotWrittenDownItsIdFindsIt() throws Exception {
        Process starting = new ProcessBuilder("sh", "-c", "sleep 600; true", "w-7h3q9x").start();
        try {
            write("w-7h3q9x", 0, "null");

            assertThat(LeftWorkers.stop(home)).isOne();
            assertThat(starting.waitFor()).isNotZero();
        } finally {
            starting.descendants().forEach(ProcessHandle::destroyForcibly);
            starting.destroyForcibly();
        }
    }

    @Test
    void givenADamagedRecordTheOthersAreStillStopped() throws Exception {
        Files.writeString(home.fleetState().resolve("workers/w-0.json"), "{\"id\":");
        write("w-1", worker.pid(), "\"" + worker.info().startInstant().orElseThrow() + "\"");

        assertThat(LeftWorkers.stop(home)).isOne();
    }

    private void write(String id, long pid, String startedAt) throws IOException {
        Files.writeString(
                home.fleetState().resolve("workers/" + id + ".json"),
                "{\"id\":\"%s\",\"pid\":%d,\"startedAt\":%s,\"controlSocket\":\"x\"}".formatted(id, pid, startedAt));
    }
}
