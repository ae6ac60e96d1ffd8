package dev.teal.worker;

import dev.teal.protocol.worker.WorkerExit;
import dev.teal.worker.contain.Confinement;
import dev.teal.worker.life.Exhaustion;
import dev.teal.worker.life.Life;
import dev.teal.worker.network.NetworkLoop;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of errors that ended a thread, or that one went on after. A worker whose memory ran out takes no more, answers what it holds and ends;
 * where there is no memory for that either, it ends at once.
 */
final class Doubts implements Thread.UncaughtExceptionHandler {
    private static final Logger log = LoggerFactory.getLogger(Doubts.class);

    /** To drain takes some objects and, the first time, some classes. */
    private static final int RESERVED_BYTES = 256 << 10;

    private final Life life;
    private final Confinement confinement;
    private final AtomicReference<byte @Nullable []> reserve = new AtomicReference<>(new byte[RESERVED_BYTES]);

    Doubts(Life life, Confinement confinement) {
        this.life = life;
        this.confinement = confinement;
        // What it takes to tell of an error is loaded while there is memory for it
        NetworkLoop.survived(new IllegalStateException("none"));
    }

    @Override
    public void uncaughtException(Thread thread, Throwable error) {
        if (Exhaustion.in(error) != null) {
            reserve.set(null);
            try {
                life.doubt(WorkerExit.HEAP_EXHAUSTED);
            } catch (Error none) {
                confinement.exit(WorkerExit.HEAP_EXHAUSTED);
            }
        }
        log.atError()
                .setCause(error)
                .addKeyValue("exit", life.exit())
                .log("Error that a thread ended by, or went on after");
    }
}
