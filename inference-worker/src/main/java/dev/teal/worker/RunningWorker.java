package dev.teal.worker;

import dev.teal.protocol.oip.ServerMetadata;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.worker.contain.Confinement;
import dev.teal.worker.contain.Guard;
import dev.teal.worker.grpc.GrpcFront;
import dev.teal.worker.life.Life;
import dev.teal.worker.network.NetworkLoop;
import dev.teal.worker.onnx.Onnx;
import dev.teal.worker.onnx.OnnxFailure;
import dev.teal.worker.prove.OptimisedModels;
import dev.teal.worker.prove.Proof;
import dev.teal.worker.run.Description;
import dev.teal.worker.run.Inference;
import dev.teal.worker.run.Meters;
import dev.teal.worker.run.SelfDescription;
import dev.teal.worker.serve.ControlRoutes;
import dev.teal.worker.serve.ProtocolRoutes;
import dev.teal.worker.serve.UnixServer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a worker, started: one event loop for both sockets, and threads for the model once it is assigned. */
final class RunningWorker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunningWorker.class);

    private final Life life;
    private final Doubts doubts;
    private final Guard guard;
    private final Waiting waiting;
    private final EventLoopGroup loop;
    private final UnixServer inference;
    private final UnixServer control;
    private volatile @Nullable Meters meters;
    private volatile @Nullable Proof proof;

    /** @param stop is run when the fleet says so */
    private RunningWorker(Options options, Runnable stop, Confinement confinement) throws IOException {
        PrivateDirectory.require(options.directory());
        // Loading ONNX Runtime and the network's classes takes about as long each, and they share nothing.
        CompletableFuture<Onnx> onnx = CompletableFuture.supplyAsync(() -> startOnnx(options));
        this.life = new Life(options.id(), System::nanoTime);
        this.doubts = new Doubts(life, confinement);
        this.guard = new Guard(life, options.limits(), confinement);
        this.loop = NetworkLoop.group(NioIoHandler.newFactory());
        this.waiting = new Waiting(life, confinement, loop, options.rehearsalSocket());
        String secret = secret();
        Inference desk = new Inference(life, secret);
        Description description = new SelfDescription(
                life, desk, new Description.Server(ServerMetadata.NAME, software(), ServerMetadata.EXTENSIONS));
        GrpcFront grpc = new GrpcFront(desk, description, options.maxBodyBytes());
        life.draining().thenRun(grpc::drain);
        this.inference =
                UnixServer.bind(loop, options.inferenceSocket(), new ProtocolRoutes(description, desk), grpc::install);
        this.control = UnixServer.bind(
                loop,
                options.controlSocket(),
                new ControlRoutes(
                        life,
                        assignment -> prove(assignment, options, onnx, desk, secret),
                        () -> unload(onnx.join(), desk),
                        stop,
                        this::metrics));
        try {
            onnx.join();
        } catch (CompletionException e) {
            close();
            throw e;
        }
        guard.start();
        life.advance(WorkerState.UNASSIGNED);
        waiting.begin(onnx.join());
    }

    private static String software() {
        return Objects.requireNonNullElse(RunningWorker.class.getPackage().getImplementationVersion(), "development");
    }

    private static String secret() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    static RunningWorker start(Options options, Runnable stop, Confinement confinement) throws IOException {
        return new RunningWorker(options, stop, confinement);
    }

    private static Onnx startOnnx(Options options) {
        try {
            Onnx onnx = Onnx.start(options.nativeDirectory());
            SelfTest.run(onnx);
            return onnx;
        } catch (OnnxFailure e) {
            throw new UncheckedIOException(new IOException("ONNX Runtime does not work: " + e.getMessage(), e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void prove(
            Assignment assignment, Options options, CompletableFuture<Onnx> onnx, Inference desk, String secret) {
        log.atInfo()
                .addKeyValue("endpoint", assignment.endpoint())
                .addKeyValue("environment", assignment.environment())
                .addKeyValue("version", assignment.version())
                .addKeyValue("digest", assignment.digest())
                .log("Assigned");
        long begun = System.nanoTime();
        Proof.QueueLimits limits =
                new Proof.QueueLimits(options.queueRequests(), options.queueBytes(), options.maxBodyBytes());
        Thread.ofPlatform().daemon().name("proof").start(() -> {
            Meters measured = new Meters(assignment);
            meters = measured;
            Proof begins = new Proof(
                    life,
                    onnx.join(),
                    desk,
                    options.inferenceSocket(),
                    secret,
                    limits,
                    guard,
                    optimised(options, onnx.join()));
            proof = begins;
            begins.run(assignment, measured, begun);
        });
    }

    /** The process is used again only if nothing says that it is not as it was; else its end frees everything. */
    private void unload(Onnx onnx, Inference desk) {
        Proof held = proof;
        proof = null;
        meters = null;
        desk.serve(null);
        if (held != null) {
            held.release();
        }
        OptionalLong leftOver = guard.leftOver();
        Optional<String> doubt =
                leftOver.isPresent() ? Optional.of("its model left " + leftOver.getAsLong() + " bytes") : onnx.doubt();
        if (doubt.isPresent()) {
            guard.retire("unloaded, and not as new: " + doubt.get());
        } else if (life.unloaded()) {
            log.atInfo().log("Model unloaded, worker waits for an assignment");
            waiting.beginAgain();
        }
    }

    private static @Nullable OptimisedModels optimised(Options options, Onnx onnx) {
        Path directory = options.cacheDirectory();
        try {
            return directory == null ? null : new OptimisedModels(directory, onnx.version());
        } catch (IOException e) {
            log.atWarn().addKeyValue("reason", e.getMessage()).log("Optimised models are not kept");
            return null;
        }
    }

    private String metrics() {
        Meters measured = meters;
        return measured == null ? "" : measured.scrape();
    }

    Life life() {
        return life;
    }

    /** For a process that is this worker and nothing else. */
    Thread.UncaughtExceptionHandler doubts() {
        return doubts;
    }

    /** Complete once it is as warm as waiting makes it. */
    CompletableFuture<Void> rehearsed() {
        return waiting.rehearsed();
    }

    /** Takes the sockets away and ends the network; what still computes is abandoned. */
    @Override
    public void close() throws IOException {
        inference.close();
        control.close();
        loop.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }
}
