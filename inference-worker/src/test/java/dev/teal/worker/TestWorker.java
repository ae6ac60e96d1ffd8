package dev.teal.worker;

import dev.teal.protocol.Color;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.WorkerExit;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
import dev.teal.worker.contain.Confinement;
import dev.teal.worker.contain.Limits;
import dev.teal.worker.onnx.NativeLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A worker in this process, reached as others reach it: over its sockets. */
final class TestWorker implements AutoCloseable {
    static final byte[] NOTHING = {};
    static final Path MODELS = Path.of(System.getProperty("teal.root"), "examples", "models");
    static final Path FRAUD = MODELS.resolve("fraud-detection");
    static final Path PRODUCT = MODELS.resolve("product-categorization");
    static final ModelSignature FRAUD_SIGNATURE = new ModelSignature(
            List.of(
                    new TensorSpec("features", Datatype.FP32, List.of(-1L, 8L)),
                    new TensorSpec("merchant_category", Datatype.INT64, List.of(-1L))),
            List.of(
                    new TensorSpec("label", Datatype.INT64, List.of(-1L)),
                    new TensorSpec("probabilities", Datatype.FP32, List.of(-1L, 2L))),
            17);
    static final ModelSignature PRODUCT_SIGNATURE = new ModelSignature(
            List.of(new TensorSpec("title", Datatype.BYTES, List.of(-1L))),
            List.of(
                    new TensorSpec("label", Datatype.BYTES, List.of(-1L)),
                    new TensorSpec("probabilities", Datatype.FP32, List.of(-1L, 10L))),
            20);

    static final Path NATIVE = extracted();

    final Path directory;
    final Path inference;
    final Path control;
    final CompletableFuture<WorkerExit> exited = new CompletableFuture<>();
    final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final RunningWorker worker;

    TestWorker() throws IOException {
        this(1024, 512L << 20);
    }

    TestWorker(int queueRequests, long queueBytes) throws IOException {
        this(queueRequests, queueBytes, Limits.DEFAULT, null);
    }

    /** @param cache of optimised models, or null */
    TestWorker(int queueRequests, long queueBytes, Limits limits, Path cache) throws IOException {
        directory = Files.createTempDirectory(
                "teal", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Options options = new Options("w-1", directory, NATIVE, cache, 4 << 20, queueRequests, queueBytes, limits);
        inference = options.inferenceSocket();
        control = options.controlSocket();
        worker = RunningWorker.start(options, () -> stopped.complete(null), Confinement.none(exited::complete));
    }

    private static Path extracted() {
        try {
            Path target = Path.of(System.getProperty("teal.root"), "inference-worker", "target", "test-native");
            NativeLibrary.extract(target);
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    CompletableFuture<Void> drained() {
        return worker.life().drained();
    }

    static Assignment assignment(Path artifact, Path samples, ModelSignature signature) throws IOException {
        return assignment(artifact, samples, signature, 2);
    }

    static Assignment assignment(Path artifact, Path samples, ModelSignature signature, int concurrency)
            throws IOException {
        return assignment(artifact, samples, signature, new RuntimeSettings(1, concurrency));
    }

    static Assignment assignment(Path artifact, Path samples, ModelSignature signature, RuntimeSettings runtime)
            throws IOException {
        return new Assignment(
                "endpoint",
                "environment",
                Color.GREEN,
                "model",
                "7",
                Digests.of(Files.readAllBytes(artifact)),
                artifact.toString(),
                samples == null ? null : Digests.of(Files.readAllBytes(samples)),
                samples == null ? null : samples.toString(),
                signature,
                runtime);
    }

    /** Assigns and waits for the end of the proof, good or bad. */
    WorkerStatus prove(Assignment assignment) throws IOException {
        UnixHttp.Response accepted =
                UnixHttp.once(control, "POST", "/worker/v1/assignment", Json.MAPPER.writeValueAsBytes(assignment));
        if (accepted.status() != 202) {
            throw new IOException("not accepted: " + accepted.text());
        }
        WorkerStatus status = status(0);
        while (status.state().compareTo(WorkerState.READY) < 0) {
            status = status(status.revision());
        }
        return status;
    }

    WorkerStatus status(long after) throws IOException {
        UnixHttp.Response response = UnixHttp.once(control, "GET", "/worker/v1/status?after=" + after, NOTHING);
        return Json.MAPPER.readValue(response.body(), WorkerStatus.class);
    }

    UnixHttp.Response drain(long idleMillis) throws IOException {
        return UnixHttp.once(control, "POST", "/worker/v1/drain", ("{\"idleMillis\":" + idleMillis + "}").getBytes());
    }

    UnixHttp.Response infer(byte[] body, String... headers) throws IOException {
        return UnixHttp.once(inference, "POST", "/v2/models/endpoint/infer", body, headers);
    }

    UnixHttp.Response get(String path, String... headers) throws IOException {
        return UnixHttp.once(inference, "GET", path, NOTHING, headers);
    }

    @Override
    public void close() throws IOException {
        worker.close();
        Files.delete(directory);
    }
}
