package dev.teal.fleet.run;

import dev.teal.fleet.run.domain.Spec;
import dev.teal.fleet.run.domain.WorkerView;
import dev.teal.fleet.worker.RunningWorker;
import dev.teal.protocol.cell.WorkerAddress;
import dev.teal.protocol.cell.WorkerFact;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.worker.ColdStart;
import dev.teal.protocol.worker.WorkerMemory;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.protocol.worker.WorkerStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A worker as the fleet knows it now. Written by the reconciler and the worker's own threads, read by all. */
final class Worker {

    private final String id;
    private final long wishedNanos;
    private final Instant wishedAt;
    /** Completes when it takes an assignment: its process runs and answers. */
    private final CompletableFuture<RunningWorker> up = new CompletableFuture<>();

    private volatile @Nullable RunningWorker running;
    private volatile @Nullable WorkerStatus status;
    private volatile @Nullable Claim claim;
    private volatile boolean draining;
    private volatile boolean leaving;
    private volatile boolean gone;
    private volatile @Nullable Long drainAskedNanos;
    private volatile long upNanos;
    private volatile @Nullable ColdStart coldStart;

    /**
     * What it was taken for.
     *
     * @param sinceNanos when somebody wanted it
     * @param fetchMillis how long the bytes took; grows when they are there
     */
    record Claim(Spec spec, long sinceNanos, long fetchMillis) {}

    Worker(String id, long wishedNanos, Instant wishedAt) {
        this.id = id;
        this.wishedNanos = wishedNanos;
        this.wishedAt = wishedAt;
    }

    String id() {
        return id;
    }

    long wishedNanos() {
        return wishedNanos;
    }

    CompletableFuture<RunningWorker> up() {
        return up;
    }

    void runs(RunningWorker process) {
        running = process;
    }

    Optional<RunningWorker> running() {
        return Optional.ofNullable(running);
    }

    void tells(WorkerStatus told, long nowNanos) {
        status = told;
        if (told.state() == WorkerState.UNASSIGNED && upNanos == 0) {
            upNanos = nowNanos;
        }
    }

    Optional<WorkerStatus> status() {
        return Optional.ofNullable(status);
    }

    void claim(@Nullable Claim next) {
        claim = next;
    }

    Optional<Claim> claim() {
        return Optional.ofNullable(claim);
    }

    long upNanos() {
        return upNanos;
    }

    void drains() {
        draining = true;
        leaving = true;
    }

    boolean draining() {
        return draining;
    }

    void leaves() {
        leaving = true;
    }

    /** Ends it at once, whatever it holds. */
    void kill() {
        leaves();
        running().ifPresent(RunningWorker::kill);
    }

    boolean leaving() {
        return leaving;
    }

    void ends() {
        gone = true;
    }

    boolean gone() {
        return gone;
    }

    Optional<Long> drainAskedNanos() {
        return Optional.ofNullable(drainAskedNanos);
    }

    void drainAsked(long nowNanos) {
        drainAskedNanos = nowNanos;
    }

    void coldStart(@Nullable ColdStart measured) {
        coldStart = measured;
    }

    Optional<ColdStart> coldStart() {
        return Optional.ofNullable(coldStart);
    }

    WorkerState state() {
        WorkerStatus told = status;
        if (gone) {
            return WorkerState.STOPPED;
        }
        if (told == null) {
            return WorkerState.STARTING;
        }
        if (draining && told.state().compareTo(WorkerState.DRAINING) < 0) {
            return WorkerState.DRAINING;
        }
        return told.state() == WorkerState.UNASSIGNED && claim != null ? WorkerState.FETCHING : told.state();
    }

    WorkerView view() {
        return new WorkerView(id, state(), claim().map(Claim::spec).orElse(null), leaving);
    }

    /** Empty unless gateways may send to it. */
    Optional<WorkerAddress> readyAddress() {
        Claim taken = claim;
        RunningWorker process = running;
        if (taken == null || process == null || !view().ready()) {
            return Optional.empty();
        }
        Spec spec = taken.spec();
        ModelConfig config = spec.config() == null ? ModelConfig.NONE : spec.config();
        return Optional.of(new WorkerAddress(
                id,
                spec.environment(),
                spec.digest(),
                process.address(),
                spec.runtime().concurrency(),
                config.rowsAsked(spec.runtime().batching())));
    }

    WorkerFact fact() {
        Claim taken = claim;
        RunningWorker process = running;
        return new WorkerFact(
                id,
                state(),
                taken == null ? null : taken.spec().environment(),
                taken == null ? null : taken.spec().digest(),
                process == null ? 0 : process.pid(),
                process == null ? wishedAt : process.startedAt(),
                memory(),
                coldStart);
    }

    private @Nullable WorkerMemory memory() {
        WorkerStatus told = status;
        return told == null ? null : told.memory();
    }
}
