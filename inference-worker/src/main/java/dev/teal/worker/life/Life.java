package dev.teal.worker.life;

import dev.teal.protocol.Refusal;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.ColdStart;
import dev.teal.protocol.worker.WorkerExit;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerMemory;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The state of a worker. Admission, the end of a request and draining are steps under one lock, so a drain that sees no work can't be
 * overtaken by a request, and a worker that has admitted one is not idle.
 */
public final class Life {
    private final String id;
    private final LongSupplier nanoTime;
    private final CompletableFuture<Void> draining = new CompletableFuture<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private final List<Waiter> waiters = new ArrayList<>();

    private WorkerState state = WorkerState.STARTING;
    private long revision = 1;
    private int inFlight;
    private boolean watched;
    private long idleSince;
    private @Nullable CompletableFuture<Void> unloading;
    private @Nullable Assignment assignment;
    private @Nullable WorkerMemory memory;
    private @Nullable ColdStart coldStart;
    private @Nullable WorkerFailure failure;
    private WorkerExit exit = WorkerExit.ORDERLY;

    private record Waiter(long after, CompletableFuture<WorkerStatus> changed) {}

    /** @param nanoTime monotonic, as {@link System#nanoTime()} */
    public Life(String id, LongSupplier nanoTime) {
        this.id = id;
        this.nanoTime = nanoTime;
        this.idleSince = nanoTime.getAsLong();
    }

    public synchronized boolean isReady() {
        return state == WorkerState.READY;
    }

    public synchronized WorkerState state() {
        return state;
    }

    public synchronized WorkerStatus status() {
        return new WorkerStatus(
                id,
                revision,
                state,
                inFlight,
                inFlight > 0 ? 0 : (nanoTime.getAsLong() - idleSince) / 1_000_000,
                assignment == null ? null : assignment.environment(),
                assignment == null ? null : assignment.digest(),
                memory,
                coldStart,
                failure);
    }

    /** The status once its revision is above {@code after}; cancelling the future gives up. */
    public synchronized CompletableFuture<WorkerStatus> statusAfter(long after) {
        if (revision > after) {
            return CompletableFuture.completedFuture(status());
        }
        CompletableFuture<WorkerStatus> changed = new CompletableFuture<>();
        waiters.removeIf(waiter -> waiter.changed().isDone());
        waiters.add(new Waiter(after, changed));
        return changed;
    }

    /** Takes an assignment. @return false when there is one, or draining has begun */
    public synchronized boolean assign(Assignment given) {
        if (state != WorkerState.UNASSIGNED) {
            return false;
        }
        assignment = given;
        change(WorkerState.LOADING);
        return true;
    }

    /** Goes on to a later state; a worker that drains or has failed stays so. @return whether it went */
    public synchronized boolean advance(WorkerState next) {
        if (next.compareTo(state) <= 0 || state.compareTo(WorkerState.READY) >= 0) {
            return false;
        }
        change(next);
        return true;
    }

    public synchronized void measured(WorkerMemory measured) {
        memory = measured;
    }

    public synchronized boolean ready(ColdStart phases) {
        coldStart = phases;
        boolean reached = advance(WorkerState.READY);
        // A doubt that did not fail the proof
        if (exit != WorkerExit.ORDERLY) {
            drain(0);
        }
        return reached;
    }

    /** @return whether it fails by this, and not otherwise or before */
    public synchronized boolean fail(WorkerFailure why) {
        if (state.compareTo(WorkerState.READY) >= 0) {
            return false;
        }
        failure = why;
        // Whatever doubt there was, this says more
        exit = WorkerExit.ORDERLY;
        change(WorkerState.FAILED);
        return true;
    }

    /** Lets a request in, which {@link #end} must follow, or says why not. Nothing has begun then, so it can be sent elsewhere. */
    public synchronized Optional<Refusal> admit(@Nullable String digest) {
        return admit(digest, state == WorkerState.READY);
    }

    /** Lets in a request of the worker's own, by which it proves itself. */
    public synchronized Optional<Refusal> admitProof() {
        return admit(null, state == WorkerState.WARMING || state == WorkerState.TESTING);
    }

    private Optional<Refusal> admit(@Nullable String digest, boolean open) {
        if (!open || assignment == null) {
            return Optional.of(Refusal.DRAINING);
        }
        if (digest != null && !digest.equals(assignment.digest())) {
            return Optional.of(Refusal.WRONG_DIGEST);
        }
        inFlight++;
        tellWatcher();
        return Optional.empty();
    }

    public synchronized void end() {
        inFlight--;
        idleSince = nanoTime.getAsLong();
        completeDrain();
    }

    /**
     * Begins to refuse, for good, if the worker has held nothing for so long.
     *
     * @param idleMillis 0: whatever it holds
     * @return whether it drains now
     */
    public synchronized boolean drain(long idleMillis) {
        if (state == WorkerState.DRAINING) {
            // Also one that was only to unload goes now.
            unloading = null;
            draining.completeAsync(() -> null);
            completeDrain();
            return true;
        }
        if (idleMillis > 0 && (busy() || nanoTime.getAsLong() - idleSince < idleMillis * 1_000_000)) {
            return false;
        }
        change(WorkerState.DRAINING);
        draining.completeAsync(() -> null);
        completeDrain();
        return true;
    }

    /**
     * Something went wrong that may have left more behind than one failed request: it takes no more, answers what it holds, and its process
     * ends saying why. A proof may fail by it, which says more; one that does not is the last thing that it does.
     */
    public synchronized void doubt(WorkerExit why) {
        if (state != WorkerState.FAILED) {
            exit = why;
            // Also where it drains already: the doubt before this one may have met a further one here
            if (!proving()) {
                drain(0);
            }
        }
    }

    private boolean proving() {
        return state.compareTo(WorkerState.FETCHING) >= 0 && state.compareTo(WorkerState.TESTING) <= 0;
    }

    /** What its process says when it ends of itself. */
    public synchronized WorkerExit exit() {
        return exit;
    }

    /** Blocks until it holds work: requests, or a model to be proven. */
    public synchronized void awaitBusy() throws InterruptedException {
        watched = true;
        while (!busy()) {
            wait();
        }
        watched = false;
    }

    /**
     * Blocks until a ready worker has held nothing for so long, or for as long as {@code mostMillis}.
     *
     * @return false if it is not ready any more
     */
    public synchronized boolean awaitCalm(long calmMillis, long mostMillis) throws InterruptedException {
        long begun = nanoTime.getAsLong();
        while (state == WorkerState.READY) {
            long now = nanoTime.getAsLong();
            long left = inFlight > 0 ? calmMillis : calmMillis - (now - idleSince) / 1_000_000;
            if (left <= 0 || (now - begun) / 1_000_000 >= mostMillis) {
                return true;
            }
            wait(left);
        }
        return false;
    }

    /** A signal costs more than all else here, so only where somebody waits for it. */
    private void tellWatcher() {
        if (watched) {
            notifyAll();
        }
    }

    public synchronized boolean busy() {
        return inFlight > 0 || proving();
    }

    /** Complete once the worker refuses for good. */
    public CompletableFuture<Void> draining() {
        return draining;
    }

    /**
     * Begins to refuse, as {@link #drain} does, but to be as new: once nothing is held any more the future completes, and {@link #unloaded}
     * must follow when the model is gone.
     *
     * @return empty unless it is ready
     */
    public synchronized Optional<CompletableFuture<Void>> unload() {
        if (state != WorkerState.READY) {
            return Optional.empty();
        }
        CompletableFuture<Void> begun = new CompletableFuture<>();
        unloading = begun;
        change(WorkerState.DRAINING);
        completeDrain();
        return Optional.of(begun);
    }

    /** Waits for an assignment again. @return false if it is to go instead: it was told to drain meanwhile */
    public synchronized boolean unloaded() {
        if (state != WorkerState.DRAINING || unloading == null || inFlight > 0) {
            return false;
        }
        unloading = null;
        assignment = null;
        memory = null;
        coldStart = null;
        change(WorkerState.UNASSIGNED);
        return true;
    }

    /** Complete once the worker drains and holds nothing: it may exit. */
    public CompletableFuture<Void> drained() {
        return drained;
    }

    private void completeDrain() {
        if (state == WorkerState.DRAINING && inFlight == 0) {
            (unloading == null ? drained : unloading).completeAsync(() -> null);
        }
    }

    private void change(WorkerState next) {
        state = next;
        revision++;
        tellWatcher();
        idleSince = nanoTime.getAsLong();
        WorkerStatus now = status();
        waiters.removeIf(waiter -> {
            if (waiter.after() < revision) {
                waiter.changed().completeAsync(() -> now);
                return true;
            }
            return false;
        });
    }
}
