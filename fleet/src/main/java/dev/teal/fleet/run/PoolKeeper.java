package dev.teal.fleet.run;

import dev.teal.fleet.run.domain.Action;
import dev.teal.fleet.run.domain.WorkerView;
import dev.teal.protocol.worker.WorkerState;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongSupplier;

/** Keeps as many workers without a version as the pool is to have. */
final class PoolKeeper {

    private static final Duration YIELDS = Duration.ofSeconds(5);

    private final Workers workers;
    private final Pool pool;
    private final Starts starts;
    private final Ends ends;
    private final LongSupplier nanoTime;

    PoolKeeper(Workers workers, Pool pool, Starts starts, Ends ends, LongSupplier nanoTime) {
        this.workers = workers;
        this.pool = pool;
        this.starts = starts;
        this.ends = ends;
        this.nanoTime = nanoTime;
    }

    void keep() {
        keep(pool.size());
    }

    void empty() {
        keep(0);
    }

    private void keep(int size) {
        List<WorkerView> free = workers.all().stream()
                .map(Worker::view)
                .filter(view -> view.spec() == null && !view.leaving())
                .sorted(Comparator.comparing(WorkerView::state))
                .toList();
        for (int i = free.size(); i < size && !somebodyWaits(); i++) {
            starts.fillPool();
        }
        free.stream()
                .limit(Math.max(0, free.size() - size))
                .forEach(view -> ends.end(new Action.Stop(view.id(), "not needed")));
    }

    /** A process that starts takes processor time from the worker that somebody waits for, and nobody waits for the pool. */
    private boolean somebodyWaits() {
        long now = nanoTime.getAsLong();
        return workers.all().stream()
                .filter(worker -> !worker.leaving() && worker.state().compareTo(WorkerState.READY) < 0)
                .flatMap(worker -> worker.claim().stream())
                .anyMatch(claim -> now - claim.sinceNanos() < YIELDS.toNanos());
    }
}
