package dev.teal.fleet.worker;

import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.ColdStart;
import dev.teal.protocol.worker.WorkerExit;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One worker that was started and has not been seen to end. */
public interface RunningWorker {

    String id();

    long pid();

    Instant startedAt();

    /** Where gateways reach it, as {@code WorkerAddress.address} has it. */
    String address();

    WorkerControl control();

    /** Completes when the worker is gone. */
    CompletableFuture<Void> exited();

    /** Looks whether the worker is gone, where nobody is told of its end. Completes {@link #exited()} if so. */
    boolean gone();

    /** Why one that is gone ended itself; empty where it did not, or had no time to say so. */
    Optional<WorkerExit> exit();

    /** What it is for; a fleet that adopts it reads this. Written before the worker is told, null once it is free again. */
    void remember(@Nullable Assignment assignment, @Nullable ColdStart coldStart) throws IOException;

    Optional<Assignment> assignment();

    Optional<ColdStart> coldStart();

    /** Ends it at once, whatever it does. */
    void kill();

    /** Removes what it left, once it is gone. */
    void forget();
}
