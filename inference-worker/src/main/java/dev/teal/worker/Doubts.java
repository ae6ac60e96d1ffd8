package dev.teal.worker;

import dev.teal.protocol.worker.WorkerExit;
import dev.teal.worker.life.Exhaustion;
import dev.teal.worker.life.Life;
import dev.teal.worker.network.NetworkLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears of errors that ended a thread, or that one went on after. A worker whose memory ran out takes no more and ends. */
final class Doubts implements Thread.UncaughtExceptionHandler {
    private static final Logger log = LoggerFactory.getLogger(Doubts.class);

    private final Life life;

    Doubts(Life life) {
        this.life = life;
        // What it takes to tell of an error is loaded while there is memory for it
        NetworkLoop.survived(new IllegalStateException("none"));
    }

    @Override
    public void uncaughtException(Thread thread, Throwable error) {
        if (Exhaustion.in(error) != null) {
            life.doubt(WorkerExit.HEAP_EXHAUSTED);
        }
        log.atError()
                .setCause(error)
                .addKeyValue("exit", life.exit())
                .log("Error that a thread ended by, or went on after");
    }
}
