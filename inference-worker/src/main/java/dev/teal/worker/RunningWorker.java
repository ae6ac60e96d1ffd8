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
import dev.teal.worker.prove.Rehearsal;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a worker, started: one event loop for both sockets, and threads for the model once it is assigned. */
final class RunningWorker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunningWorker.class);

    private static final long IDLE_BEFORE_REHEARSAL_MILLIS = 300;
    private static final long COMPILING_AFTER_WORK_MILLIS = 6_000;

    private final CompletableFuture<Void> rehearsed = new CompletableFuture<>();
    private final Life life;
    private final Guard guard;
    private final Confinement confinement;
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
        this.guard = new Guard(life, options.limits(), confinement);
        this.confinement = confinement;
        this.loop = NetworkLoop.group(NioIoHandler.newFactory());
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
        Thread.ofPlatform().daemon().name("rehearsal").start(() -> rehearse(options, onnx.join()));
    }

    /** Only once it seems that nobody waits for it: a worker that is assigned at once has better things to do. */
    private void rehearse(Options options, Onnx onnx) {
        try {
            if (staysUnassigned(IDLE_BEFORE_REHEARSAL_MILLIS) && !loop.isShuttingDown()) {
                new Rehearsal(onnx, loop, options.rehearsalSocket(), () -> life.state() == WorkerState.UNASSIGNED)
                        .run();
            }
            rehearsed.complete(null);
            giveBack();
        } catch (IOException | OnnxFailure | RuntimeException failed) {
            log.atWarn().addKeyValue("reason", failed.getMessage()).log("Rehearsal failed");
            rehearsed.complete(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * What was thrown away need not be resident for as long as the worker waits. Not at once: compilers work on for a while, and the JVM gives
     * back what they took only every 5 s.
     */
    private void giveBack() throws InterruptedException {
        if (staysUnassigned(COMPILING_AFTER_WORK_MILLIS)) {
            System.gc();
            confinement.trim();
        }
    }

    private void giveBackUnloaded() {
        try {
            giveBack();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean staysUnassigned(long millis) throws InterruptedException {
        try {
            life.statusAfter(life.status().revision()).get(millis, TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException e) {
            return life.state() == WorkerState.UNASSIGNED;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a status is never a failure", e);
        }
    }

    /** Complete once it is as warm as waiting makes it. */
    CompletableFuture<Void> rehearsed() {
        return rehearsed;
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
            Thread.ofPlatform().daemon().name("calm").start(this::giveBackUnloaded);
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

    /** Takes the sockets away and ends the network; what still computes is abandoned. */
    @Override
    public void close() throws IOException {
        inference.close();
        control.close();
        loop.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS).syncUninterruptibly();
    }
}
