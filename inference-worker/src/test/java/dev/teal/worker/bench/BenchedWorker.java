package dev.teal.worker.bench;

import dev.teal.protocol.Json;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.WorkerLaunch;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
import dev.teal.worker.UnixHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A worker started as a fleet starts it, and asked without a pause. */
final class BenchedWorker implements AutoCloseable {
    private static final String ID = "w-1";
    private static final byte[] NOTHING = {};

    private final Path directory;
    private final Process process;

    /**
     * @param launch the command up to the worker's options
     * @param more of those
     */
    BenchedWorker(List<String> launch, String... more) throws IOException {
        directory = Files.createTempDirectory(
                "bench", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        List<String> command = new ArrayList<>(launch);
        command.addAll(List.of("--id", ID, "--directory", directory.toString()));
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(WorkerLaunch.ENVIRONMENT);
        process = builder.directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    void awaitUp() throws IOException, InterruptedException {
        while (true) {
            try {
                WorkerStatus status = status(0);
                while (status.state() == WorkerState.STARTING) {
                    status = status(status.revision());
                }
                return;
            } catch (IOException e) {
                if (process.waitFor(1, TimeUnit.MILLISECONDS)) {
                    throw new IOException("the worker ended: " + Files.readString(directory.resolve("log")), e);
                }
            }
        }
    }

    /** Until it computes no more by itself, as one that has waited in a pool. */
    void awaitCalm() throws InterruptedException {
        long before = -1;
        while (cpuMillis() - before > 5) {
            before = cpuMillis();
            TimeUnit.MILLISECONDS.sleep(400);
        }
    }

    WorkerStatus prove(Assignment assignment) throws IOException {
        byte[] body = Json.MAPPER.writeValueAsBytes(assignment);
        UnixHttp.Response accepted = UnixHttp.once(control(), "POST", "/worker/v1/assignment", body);
        if (accepted.status() != 202) {
            throw new IOException("not accepted: " + accepted.text());
        }
        WorkerStatus status = status(0);
        while (status.state().compareTo(WorkerState.READY) < 0) {
            status = status(status.revision());
        }
        if (status.state() != WorkerState.READY) {
            throw new IOException("not proven: " + status.failure());
        }
        return status;
    }

    String infer(String body) throws IOException {
        UnixHttp.Response answer =
                UnixHttp.once(directory.resolve(ID + ".sock"), "POST", "/v2/models/bench/infer", body.getBytes());
        if (answer.status() != 200) {
            throw new IOException("answered " + answer.status() + ": " + answer.text());
        }
        return answer.text();
    }

    long cpuMillis() {
        return process.toHandle().info().totalCpuDuration().orElseThrow().toMillis();
    }

    /** @param name as {@code /proc} has it */
    long megabytes(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
            if (line.startsWith(name + ":")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024;
            }
        }
        return 0;
    }

    private WorkerStatus status(long after) throws IOException {
        UnixHttp.Response response = UnixHttp.once(control(), "GET", "/worker/v1/status?after=" + after, NOTHING);
        return Json.MAPPER.readValue(response.body(), WorkerStatus.class);
    }

    private Path control() {
        return directory.resolve(ID + ".ctl");
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
