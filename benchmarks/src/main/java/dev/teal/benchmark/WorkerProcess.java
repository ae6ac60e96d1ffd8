package dev.teal.benchmark;

import dev.teal.protocol.Json;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.worker.WorkerLaunch;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A worker started as the fleet starts it, pinned to the servers' core. */
final class WorkerProcess implements AutoCloseable {
    static final String INFER = "/v2/models/model/infer";
    private static final byte[] NOTHING = {};
    private static final String ID = "w-1";

    private final PinnedProcess process;
    private final Path directory;

    /**
     * @param jar with its {@code lib} and {@code prepared} beside it
     * @param more options of the JVM
     */
    static WorkerProcess start(Path jar, Path log, List<String> more) throws IOException {
        Path directory = Files.createTempDirectory(
                "teal", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        WorkerProcess worker = new WorkerProcess(PinnedProcess.start(log, command(jar, directory, more)), directory);
        worker.awaitStart(log);
        return worker;
    }

    private WorkerProcess(PinnedProcess process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    private static List<String> command(Path jar, Path directory, List<String> more) {
        List<String> command = new ArrayList<>(List.of("env"));
        WorkerLaunch.ENVIRONMENT.forEach((name, value) -> command.add(name + "=" + value));
        command.addAll(launch(jar).command(more));
        command.addAll(List.of("--id", ID, "--directory", directory.toString()));
        return command;
    }

    static WorkerLaunch launch(Path jar) {
        return new WorkerLaunch(Path.of(PinnedProcess.java()), jar);
    }

    PinnedProcess process() {
        return process;
    }

    SocketAddress inference() {
        return UnixDomainSocketAddress.of(socket());
    }

    private Path socket() {
        return directory.resolve(ID + ".sock");
    }

    /** Whether the worker says that it has an extension of the protocol. */
    boolean knows(String extension) throws IOException {
        return UnixExchange.send(socket(), "GET", "/v2", NOTHING).text().contains('"' + extension + '"');
    }

    /** Returns when the model is proven. The assignment is written by name, so that workers of other days understand it too. */
    WorkerProcess serve(BenchmarkModel model) throws IOException {
        return serve(model, Map.of());
    }

    /** The same. @param more members of the assignment */
    WorkerProcess serve(BenchmarkModel model, Map<String, Object> more) throws IOException {
        Path file = Files.write(directory.resolve("model.onnx"), model.bytes());
        Map<String, Object> assignment = new HashMap<>(Map.of(
                "endpoint", "model",
                "environment", "model",
                "color", "BLUE",
                "model", "model",
                "version", "1",
                "digest", Digests.of(model.bytes()),
                "artifactFile", file.toString(),
                "signature", model.signature(),
                "runtime", Map.of("threads", 1, "concurrency", 1)));
        assignment.putAll(more);
        control("POST", "/worker/v1/assignment", Json.MAPPER.writeValueAsBytes(assignment), 202);
        await("READY");
        return this;
    }

    /**
     * Its first line says that it listens; the JVM may have said something before (that it takes no AOT cache while it records). All others
     * are kept for whoever looks for a reason.
     */
    private void awaitStart(Path log) throws IOException {
        BufferedReader lines = process.output();
        String first = lines.readLine();
        while (first != null && !first.startsWith("{")) {
            first = lines.readLine();
        }
        if (first == null) {
            throw new IOException("the worker did not start, see " + log);
        }
        String listens = first;
        Thread.ofVirtual().start(() -> {
            try (BufferedReader rest = lines;
                    BufferedWriter kept =
                            Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                for (String line = listens; line != null; line = rest.readLine()) {
                    kept.append(line).append('\n');
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Waits for a newer state. */
    JsonNode status(long after) throws IOException {
        return Json.MAPPER.readTree(control("GET", "/worker/v1/status?after=" + after, NOTHING, 200));
    }

    /** A long poll that nothing happens in ends only by its time, 20 s: what the worker does in the background is over then. */
    void awaitNothing() throws IOException {
        status(status(0).path("revision").asLong());
    }

    /** Returns when it is a worker without a model again. */
    void unload() throws IOException {
        control("POST", "/worker/v1/unload", NOTHING, 202);
        await("UNASSIGNED");
    }

    private void await(String state) throws IOException {
        JsonNode status = status(0);
        while (!status.path("state").asString().equals(state)) {
            if (status.path("state").asString().equals("FAILED")) {
                throw new IOException("the model was not proven: " + status.path("failure"));
            }
            status = status(status.path("revision").asLong());
        }
    }

    private byte[] control(String method, String path, byte[] body, int expected) throws IOException {
        UnixExchange answer = UnixExchange.send(directory.resolve(ID + ".ctl"), method, path, body);
        if (answer.status() != expected) {
            throw new IOException(path + " was answered with " + answer.status() + ": " + answer.text());
        }
        return answer.body();
    }

    @Override
    public void close() throws IOException {
        process.close();
        Files.deleteIfExists(directory.resolve("model.onnx"));
        for (String socket : List.of(ID + ".sock", ID + ".ctl")) {
            Files.deleteIfExists(directory.resolve(socket));
        }
        Files.deleteIfExists(directory);
    }
}
