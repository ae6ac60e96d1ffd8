package dev.teal.worker;

import static org.awaitility.Awaitility.await;

import dev.teal.protocol.Json;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.ExitNote;
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

/** A worker that is a process, for what only a process can go through. */
final class WorkerProcess implements AutoCloseable {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String ID = "w-1";

    final Path directory;
    final Process process;

    /** @param options of the worker, beside where it lives */
    WorkerProcess(String... options) throws IOException {
        this(List.of(), options);
    }

    /** @param jvm its own options */
    WorkerProcess(List<String> jvm, String... options) throws IOException {
        directory = Files.createTempDirectory(
                "teal", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx64m"));
        command.addAll(jvm);
        command.addAll(List.of(
                Worker.class.getName(),
                "--id",
                ID,
                "--directory",
                directory.toString(),
                "--native",
                TestWorker.NATIVE.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command);
        // Not as an argument: ONNX Runtime can't bear a long command line.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        // As the fleet starts it
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        process = builder.directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        await().atMost(LONG).ignoreExceptions().until(() -> status(0).state() == WorkerState.UNASSIGNED);
    }

    Path control() {
        return directory.resolve(ID + ".ctl");
    }

    Path inference() {
        return directory.resolve(ID + ".sock");
    }

    ExitNote note() {
        return ExitNote.of(directory, ID);
    }

    String log() throws IOException {
        return Files.readString(directory.resolve("log"));
    }

    WorkerStatus status(long after) throws IOException {
        UnixHttp.Response response =
                UnixHttp.once(control(), "GET", "/worker/v1/status?after=" + after, TestWorker.NOTHING);
        return Json.MAPPER.readValue(response.body(), WorkerStatus.class);
    }

    void assign(Assignment assignment) throws IOException {
        UnixHttp.Response accepted =
                UnixHttp.once(control(), "POST", "/worker/v1/assignment", Json.MAPPER.writeValueAsBytes(assignment));
        if (accepted.status() != 202) {
            throw new IOException("not accepted: " + accepted.text());
        }
    }

    /** Assigns and waits for the end of the proof, good or bad. */
    WorkerStatus prove(Assignment assignment) throws IOException {
        assign(assignment);
        WorkerStatus status = status(0);
        while (status.state().compareTo(WorkerState.READY) < 0) {
            status = status(status.revision());
        }
        return status;
    }

    UnixHttp.Response infer(String body, String... headers) throws IOException {
        return UnixHttp.once(inference(), "POST", "/v2/models/endpoint/infer", body.getBytes(), headers);
    }

    /** Waits for its end. */
    int exit() throws InterruptedException, IOException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("still runs; it said: " + log());
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly().onExit().join();
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
