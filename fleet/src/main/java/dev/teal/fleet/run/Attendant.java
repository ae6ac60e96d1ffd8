package dev.teal.fleet.run;

import dev.teal.fleet.worker.RunningWorker;
import dev.teal.fleet.worker.WorkerProperties;
import dev.teal.protocol.worker.WorkerExit;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one worker from its process's start to its end, on a thread of its own: the long poll for its status, a look every second whether it
 * answers at all, and the limits of each part of its life.
 */
final class Attendant implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(Attendant.class);

    private static final long LOOK_MILLIS = 1_000;
    private static final long RETRY_MILLIS = 10;

    private final Worker worker;
    private final RunningWorker process;
    private final WorkerProperties properties;
    private final Proofs proofs;
    private final Workers workers;
    private final Inbox inbox;
    private final LongSupplier nanoTime;
    /** Since when it owes us the next step of its life. */
    private long stepNanos;

    private boolean wasReady;
    private boolean failed;
    private @Nullable String killed;

    Attendant(
            Worker worker,
            RunningWorker process,
            WorkerProperties properties,
            Proofs proofs,
            Workers workers,
            Inbox inbox,
            LongSupplier nanoTime) {
        this.worker = worker;
        this.process = process;
        this.properties = properties;
        this.proofs = proofs;
        this.workers = workers;
        this.inbox = inbox;
        this.nanoTime = nanoTime;
        this.stepNanos = nanoTime.getAsLong();
        var _ = process.exited().thenRun(inbox::nudge);
    }

    @Override
    public void run() {
        try {
            long after = 0;
            long answeredNanos = nanoTime.getAsLong();
            while (!process.gone()) {
                if (workers.leftAlone()) {
                    return;
                }
                Optional<WorkerStatus> told = poll(after);
                if (told.isPresent()) {
                    after = told.get().revision();
                    answeredNanos = nanoTime.getAsLong();
                    heard(told.get());
                } else if (!process.gone() && !workers.leftAlone()) {
                    boolean starting = worker.status().isEmpty();
                    if (past(answeredNanos)
                            > (starting ? properties.startLimit() : properties.hangLimit()).toMillis()) {
                        kill(starting ? "it did not start in time" : "it did not answer");
                    }
                    Thread.sleep(RETRY_MILLIS);
                }
                keepLimits();
            }
            ended();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The worker's next status, or empty if it could not be had; returns early when the process ends. */
    private Optional<WorkerStatus> poll(long after) throws InterruptedException {
        CompletableFuture<WorkerStatus> status = process.control().status(after);
        CompletableFuture<Object> either = CompletableFuture.anyOf(status, process.exited());
        try {
            while (true) {
                try {
                    either.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                    return status.isDone() ? Optional.of(status.get()) : Optional.empty();
                } catch (TimeoutException e) {
                    keepLimits();
                    if (process.gone() || workers.leftAlone() || !answers()) {
                        return Optional.empty();
                    }
                }
            }
        } catch (ExecutionException e) {
            log.atDebug()
                    .addKeyValue("worker", worker.id())
                    .addKeyValue("reason", String.valueOf(e.getCause()))
                    .log("Worker's status not had");
            return Optional.empty();
        } finally {
            status.cancel(false);
        }
    }

    /** A worker that holds our poll may be stopped or hang: only an answer given at once shows that it works. */
    private boolean answers() throws InterruptedException {
        CompletableFuture<Boolean> health = process.control().health();
        try {
            return health.get(properties.hangLimit().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            kill("it did not answer");
            return false;
        } catch (ExecutionException e) {
            // It gave its answer up at the same limit, or does not listen any more: the caller sees which
            return false;
        } finally {
            health.cancel(false);
        }
    }

    private void heard(WorkerStatus told) {
        WorkerState before = worker.status().map(WorkerStatus::state).orElse(WorkerState.STARTING);
        // What it means is put down before it is seen: a look that sees a failed worker must know of the failure
        if (told.state() == WorkerState.READY && !wasReady) {
            wasReady = true;
            proofs.ready(worker, process, told);
        } else if (told.state() == WorkerState.FAILED && !failed) {
            failed = true;
            proofs.failed(worker, told);
        }
        worker.tells(told, nanoTime.getAsLong());
        if (told.state() != WorkerState.STARTING) {
            worker.up().complete(process);
        }
        if (told.state() != before) {
            stepNanos = nanoTime.getAsLong();
            log.atInfo()
                    .addKeyValue("worker", worker.id())
                    .addKeyValue("state", told.state())
                    .addKeyValue("environment", told.environment())
                    .log("Worker changed");
        }
        workers.changed();
    }

    private void keepLimits() {
        WorkerState state = worker.state();
        if (state == WorkerState.LOADING || state == WorkerState.WARMING || state == WorkerState.TESTING) {
            if (past(stepNanos) > properties.proveLimit().toMillis()) {
                kill("it was neither ready nor failed in time");
            }
        } else if (state == WorkerState.DRAINING
                && past(stepNanos) > properties.drainLimit().toMillis()) {
            kill("it did not finish in time");
        }
    }

    private void kill(String reason) {
        if (killed == null) {
            killed = reason;
            log.atWarn()
                    .addKeyValue("worker", worker.id())
                    .addKeyValue("reason", reason)
                    .log("Worker killed");
        }
        process.kill();
    }

    private void ended() {
        boolean told = worker.leaving();
        Optional<WorkerExit> exit = process.exit().filter(this::isOfAWorker);
        // A worker that drains says so before it goes, but may be gone before that was heard
        boolean drained = (wasReady && exit.filter(WorkerExit.ORDERLY::equals).isPresent())
                || worker.status()
                        .map(status -> status.state().compareTo(WorkerState.DRAINING) >= 0)
                        .orElse(false);
        if (!told && !failed && !drained) {
            died(exit.flatMap(WorkerExit::failure));
        }
        worker.ends();
        process.forget();
        workers.remove(worker);
        worker.up().completeExceptionally(new IllegalStateException("worker ended"));
        String reason = reason(told, drained, exit);
        proofs.ended(reason);
        log.atInfo()
                .addKeyValue("worker", worker.id())
                .addKeyValue("reason", reason)
                .log("Worker ended");
        workers.changed();
    }

    /** A virtual machine that can't even start ends as one does that gets no more memory. */
    private boolean isOfAWorker(WorkerExit exit) {
        return exit != WorkerExit.REFUSED_MEMORY || worker.status().isPresent();
    }

    private String reason(boolean told, boolean drained, Optional<WorkerExit> exit) {
        if (killed != null) {
            return "hung";
        }
        if (failed) {
            return "failed";
        }
        if (exit.isPresent()) {
            switch (exit.get()) {
                case MEMORY_EXCEEDED, REFUSED_MEMORY, HEAP_EXHAUSTED -> {
                    return "memory";
                }
                case TIME_EXCEEDED, RUN_STUCK -> {
                    return "time";
                }
                case ORDERLY, NOT_STARTED, WORN -> {}
            }
        }
        return drained ? "drained" : told ? "told" : "crashed";
    }

    private void died(Optional<WorkerFailure> why) {
        worker.claim()
                .ifPresentOrElse(
                        claim -> inbox.put(
                                wasReady
                                        ? new Event.Crashed(claim.spec(), why.orElse(null))
                                        : new Event.Failed(claim.spec(), why.orElseGet(this::unexplained))),
                        proofs::poolWorkerDied);
    }

    private WorkerFailure unexplained() {
        return new WorkerFailure(
                WorkerFailure.Code.WORKER_DIED,
                killed == null ? "the worker died before it was ready" : "the worker was killed: " + killed);
    }

    private long past(long sinceNanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - sinceNanos);
    }
}
