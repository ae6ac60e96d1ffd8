package dev.teal.worker;

import dev.teal.protocol.Color;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceJson;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.ExitNote;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
import dev.teal.worker.contain.Confinement;
import dev.teal.worker.onnx.IdentityModel;
import dev.teal.worker.onnx.NativeLibrary;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A short whole life, for the JDK to learn what a worker loads and links ({@code -XX:AOTCacheOutput}): start, assignment with golden
 * samples, requests, metrics, drain, with a model that is made here. It also leaves ONNX Runtime's library where later starts map it.
 */
final class Training {
    private static final Logger log = LoggerFactory.getLogger(Training.class);
    private static final List<Datatype> DATATYPES = List.of(Datatype.FP32, Datatype.INT64, Datatype.BYTES);

    private final Path directory;
    private final Path sockets;
    private final Function<ExitNote, Confinement> confinement;
    private final IdentityModel model = new IdentityModel(DATATYPES.toArray(Datatype[]::new));

    private Training(Path directory, Path sockets, Function<ExitNote, Confinement> confinement) {
        this.directory = directory;
        this.sockets = sockets;
        this.confinement = confinement;
    }

    /**
     * @param confinement as workers have it, so that it is learned too
     * @throws IOException if the life was not as it should be: then nothing that was learned is worth keeping
     */
    static void run(Path directory, Function<ExitNote, Confinement> confinement) throws IOException {
        NativeLibrary.extract(directory.resolve("native"));
        Path sockets = Files.createTempDirectory(
                "teal", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        new Training(directory, sockets, confinement).live();
        Files.delete(sockets);
    }

    private void live() throws IOException {
        String id = "w-training";
        Path cache = sockets.resolve("cache");
        Options options = Options.parse(
                "--id",
                id,
                "--directory",
                sockets.toString(),
                "--native",
                directory.resolve("native").toString(),
                "--cache",
                cache.toString());
        Path artifact = Files.write(sockets.resolve("model.onnx"), model.bytes());
        Path samples = Files.write(sockets.resolve("samples.json"), samples());
        try (RunningWorker worker = RunningWorker.start(options, () -> {}, confinement.apply(options.exitNote()))) {
            worker.rehearsed().join();
            byte[] assignment = Json.MAPPER.writeValueAsBytes(assignment(artifact, samples));
            say(options.controlSocket(), "POST", "/worker/v1/assignment", assignment);
            WorkerStatus status = worker.life().status();
            while (status.state().compareTo(WorkerState.READY) < 0) {
                status = worker.life().statusAfter(status.revision()).join();
            }
            if (status.state() != WorkerState.READY) {
                throw new IOException("the training model was not proven: " + status.failure());
            }
            say(options.inferenceSocket(), "GET", "/v2/health/ready", new byte[0]);
            say(options.inferenceSocket(), "GET", "/v2/models/training", new byte[0]);
            TrainingCall.ask(options.inferenceSocket(), "ServerLive", new byte[0]);
            TrainingCall.ask(
                    options.inferenceSocket(),
                    "ModelInfer",
                    TrainingCall.infer("training", tensors(IdentityModel::input)));
            say(options.controlSocket(), "GET", "/worker/v1/status?after=0", new byte[0]);
            say(options.controlSocket(), "GET", "/metrics", new byte[0]);
            say(
                    options.controlSocket(),
                    "POST",
                    "/worker/v1/drain",
                    "{\"idleMillis\":0}".getBytes(StandardCharsets.UTF_8));
            worker.life().drained().join();
        } finally {
            Files.delete(artifact);
            Files.delete(samples);
            Files.deleteIfExists(cache);
        }
        log.atInfo().addKeyValue("directory", directory).log("Worker trained");
    }

    private Assignment assignment(Path artifact, Path samples) throws IOException {
        return new Assignment(
                "training",
                "training",
                Color.BLUE,
                "training",
                "1",
                Digests.of(Files.readAllBytes(artifact)),
                artifact.toString(),
                Digests.of(Files.readAllBytes(samples)),
                samples.toString(),
                model.signature(),
                new RuntimeSettings(1, 1));
    }

    private byte[] samples() {
        // What a request holds as inputs is just what a sample holds of either.
        String asked = json(tensors(IdentityModel::input));
        String answered = json(tensors(IdentityModel::output));
        return ("[{\"inputs\":" + asked + ",\"outputs\":" + answered + "}]").getBytes(StandardCharsets.UTF_8);
    }

    private static List<Tensor> tensors(Function<Datatype, String> name) {
        List<Tensor> tensors = new ArrayList<>();
        for (Datatype datatype : DATATYPES) {
            ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
            switch (datatype) {
                case FP32 -> data.putFloat(0.25f).putFloat(-1e-7f);
                case INT64 -> data.putLong(7).putLong(Long.MIN_VALUE);
                default -> data.putInt(1).put((byte) 'a').putInt(0);
            }
            data.flip();
            tensors.add(new Tensor(name.apply(datatype), datatype, new long[] {2}, data));
        }
        return tensors;
    }

    private static String json(List<Tensor> tensors) {
        byte[] request = InferenceJson.write(new InferenceRequest(null, tensors, List.of()));
        return Json.MAPPER.readTree(request).path("inputs").toString();
    }

    private static void say(Path socket, String method, String path, byte[] body) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            String head = method + " " + path + " HTTP/1.1\r\nHost: worker\r\nConnection: close\r\nContent-Length: "
                    + body.length + "\r\n\r\n";
            Channels.newOutputStream(channel).write(head.getBytes(StandardCharsets.US_ASCII));
            Channels.newOutputStream(channel).write(body);
            String answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            if (!answer.startsWith("HTTP/1.1 20")) {
                throw new IOException(method + " " + path + " was answered with " + answer);
            }
        }
    }
}
