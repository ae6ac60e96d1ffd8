package dev.teal.worker;

import dev.teal.protocol.worker.WorkerState;
import dev.teal.worker.contain.Confinement;
import dev.teal.worker.life.Life;
import dev.teal.worker.onnx.Onnx;
import dev.teal.worker.onnx.OnnxFailure;
import dev.teal.worker.prove.Rehearsal;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a worker does while nobody has an assignment for it: it rehearses once, and gives back what it does not need. */
final class Waiting {
    private static final Logger log = LoggerFactory.getLogger(Waiting.class);
    private static final long IDLE_BEFORE_REHEARSAL_MILLIS = 300;
    private static final long COMPILING_AFTER_WORK_MILLIS = 6_000;

    private final CompletableFuture<Void> rehearsed = new CompletableFuture<>();
    private final Life life;
    private final Confinement confinement;
    private final EventLoopGroup loop;
    private final Path socket;

    /** @param socket of the rehearsal */
    Waiting(Life life, Confinement confinement, EventLoopGroup loop, Path socket) {
        this.life = life;
        this.confinement = confinement;
        this.loop = loop;
        this.socket = socket;
    }

    void begin(Onnx onnx) {
        Thread.ofPlatform().daemon().name("rehearsal").start(() -> rehearse(onnx));
    }

    /** Its model was unloaded. */
    void beginAgain() {
        Thread.ofPlatform().daemon().name("calm").start(this::giveBack);
    }

    /** Complete once it is as warm as waiting makes it. */
    CompletableFuture<Void> rehearsed() {
        return rehearsed;
    }

    /** Only once it seems that nobody waits for it: a worker that is assigned at once has better things to do. */
    private void rehearse(Onnx onnx) {
        try {
            if (staysUnassigned(IDLE_BEFORE_REHEARSAL_MILLIS) && !loop.isShuttingDown()) {
                new Rehearsal(onnx, loop, socket, () -> life.state() == WorkerState.UNASSIGNED).run();
            }
        } catch (IOException | OnnxFailure | RuntimeException failed) {
            log.atWarn().addKeyValue("reason", failed.getMessage()).log("Rehearsal failed");
        }
        rehearsed.complete(null);
        giveBack();
    }

    /**
     * What was thrown away need not be resident for as long as the worker waits. Not at once: compilers work on for a while, and the JVM gives
     * back what they took only every 5 s.
     */
    private void giveBack() {
        if (staysUnassigned(COMPILING_AFTER_WORK_MILLIS)) {
            System.gc();
            confinement.trim();
        }
    }

    private boolean staysUnassigned(long millis) {
        try {
            life.statusAfter(life.status().revision()).get(millis, TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException e) {
            return life.state() == WorkerState.UNASSIGNED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a status is never a failure", e);
        }
    }
}
