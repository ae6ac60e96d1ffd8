package dev.teal.worker;

import static dev.teal.worker.TestWorker.FRAUD;
import static dev.teal.worker.TestWorker.FRAUD_SIGNATURE;
import static dev.teal.worker.TestWorker.NOTHING;
import static dev.teal.worker.TestWorker.assignment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.Json;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The worker as a process of its own: how it starts, what it says and how it ends. */
class ProcessTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final List<Process> started = new ArrayList<>();
    private Path directory;
    private Path log;

    @BeforeEach
    void directory() throws IOException {
        directory = Files.createTempDirectory(
                "teal", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        log = directory.resolve("log");
    }

    @AfterEach
    void end() throws IOException {
        started.forEach(Process::destroyForcibly);
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    @Test
    void aWorkerServesAndExitsOnceItIsDrained() throws Exception {
        Process process = start("w-1");
        prove("w-1");
        assertThat(Files.getPosixFilePermissions(control("w-1")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.getPosixFilePermissions(inference("w-1")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));

        UnixHttp.once(control("w-1"), "POST", "/worker/v1/drain", "{\"idleMillis\":0}".getBytes());

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(control("w-1")).doesNotExist();
        assertThat(inference("w-1")).doesNotExist();
        for (String line : Files.readAllLines(log)) {
            JsonNode event = Json.MAPPER.readTree(line);
            assertThat(event.path("@timestamp").isString()).as(line).isTrue();
            assertThat(event.path("message").isString()).as(line).isTrue();
        }
        assertThat(Files.readString(log)).contains("Model ready").contains("\"goldenSamples\":\"13\"");
    }

    @Test
    void aTerminatedWorkerFinishesWhatItHolds() throws Exception {
        Process process = start("w-1");
        prove("w-1");
        try (UnixHttp connection = new UnixHttp(inference("w-1"))) {
            byte[] body = Files.readAllBytes(FRAUD.resolve("request.json"));
            connection.send("POST", "/v2/models/endpoint/infer", body);
            await().atMost(LONG).until(() -> connection.read().status() == 200);

            process.destroy();

            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(control("w-1")).doesNotExist();
        }
    }

    @Test
    void aStoppedWorkerExitsAtOnce() throws Exception {
        Process process = start("w-1");

        assertThat(UnixHttp.once(control("w-1"), "POST", "/worker/v1/stop", NOTHING)
                        .status())
                .isEqualTo(202);

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void aKilledWorkersSocketsAreTakenOverAndALivingOnesAreNot() throws Exception {
        Process killed = start("w-1");
        killed.destroyForcibly().waitFor();
        assertThat(control("w-1")).exists();

        Process next = start("w-1");
        Process third = launch("w-1");

        assertThat(third.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(third.exitValue()).isEqualTo(64);
        assertThat(Files.readString(log)).contains("another process listens on w-1.sock");
        assertThat(next.isAlive()).isTrue();
        assertThat(status("w-1").state()).isEqualTo(WorkerState.UNASSIGNED);
    }

    private Process start(String id) throws IOException {
        Process process = launch(id);
        await().atMost(LONG).ignoreExceptions().untilAsserted(() -> {
            assertThat(process.isAlive())
                    .as(() -> "ended with " + process.exitValue() + ", see " + log)
                    .isTrue();
            assertThat(status(id).state()).isEqualTo(WorkerState.UNASSIGNED);
        });
        return process;
    }

    private Process launch(String id) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                Worker.class.getName(),
                "--id",
                id,
                "--directory",
                directory.toString());
        // Not as an argument: ONNX Runtime can't bear a long command line.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        started.add(process);
        return process;
    }

    private void prove(String id) throws IOException {
        byte[] assignment = Json.MAPPER.writeValueAsBytes(
                assignment(FRAUD.resolve("v1.onnx"), FRAUD.resolve("v1.samples.json"), FRAUD_SIGNATURE));
        assertThat(UnixHttp.once(control(id), "POST", "/worker/v1/assignment", assignment)
                        .status())
                .isEqualTo(202);
        await().atMost(LONG).until(() -> status(id).state() == WorkerState.READY);
    }

    private WorkerStatus status(String id) throws IOException {
        UnixHttp.Response response = UnixHttp.once(control(id), "GET", "/worker/v1/status?after=0", NOTHING);
        return Json.MAPPER.readValue(response.body(), WorkerStatus.class);
    }

    private Path control(String id) {
        return directory.resolve(id + ".ctl");
    }

    private Path inference(String id) {
        return directory.resolve(id + ".sock");
    }
}
