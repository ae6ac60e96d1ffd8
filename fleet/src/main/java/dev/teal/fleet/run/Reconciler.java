package dev.teal.fleet.run;

import dev.teal.fleet.run.domain.Action;
import dev.teal.fleet.run.domain.EnvironmentPlan;
import dev.teal.fleet.run.domain.Trouble;
import dev.teal.fleet.run.domain.WorkerView;
import dev.teal.fleet.scale.DemandBook;
import dev.teal.protocol.cell.CellState;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.EnvironmentFact;
import dev.teal.protocol.cell.EnvironmentState;
import dev.teal.protocol.cell.RefusedEntry;
import dev.teal.protocol.cell.WorkerAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at what is wanted and what runs, and brings the second nearer to the first; again at every change, and at least every second. All
 * decisions are taken on its one thread, so nothing is started twice.
 */
public final class Reconciler implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);
    private static final long CALM_MILLIS = 1_000;
    private static final long BUSY_MILLIS = 100;

    private final Workers workers;
    private final Starts starts;
    private final Ends ends;
    private final PoolKeeper pool;
    private final Wishes wishes;
    private final DemandBook demand;
    private final Inbox inbox;
    private final LongSupplier nanoTime;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, EnvironmentRun> runs = new HashMap<>();
    private final Thread thread;
    private volatile CellState state;
    private volatile List<EnvironmentFact> facts = List.of();
    private volatile boolean stopping;

    Reconciler(
            Workers workers,
            Starts starts,
            Ends ends,
            PoolKeeper pool,
            Wishes wishes,
            DemandBook demand,
            Inbox inbox,
            CellState initial,
            LongSupplier nanoTime) {
        this.workers = workers;
        this.starts = starts;
        this.ends = ends;
        this.pool = pool;
        this.wishes = wishes;
        this.demand = demand;
        this.inbox = inbox;
        this.state = initial;
        this.nanoTime = nanoTime;
        this.thread = Thread.ofPlatform().name("reconcile").unstarted(this::run);
        workers.listen(inbox::nudge);
        demand.listen(inbox::nudge);
    }

    public void adopt(CellState next) {
        state = next;
        inbox.nudge();
    }

    public void start() {
        thread.start();
    }

    /** Told after each look that changed what is reported. */
    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    public List<EnvironmentFact> facts() {
        return facts;
    }

    private void run() {
        try {
            while (true) {
                try {
                    look();
                } catch (RuntimeException e) {
                    // One bad look must not end all later ones: the next sees the world as it then is
                    log.atError().setCause(e).log("Reconciliation failed, tried again");
                }
                inbox.await(wishes.open().isEmpty() ? CALM_MILLIS : BUSY_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        CellState now = state;
        // The workers before what happened to them: none is seen gone whose failure is not known yet
        Map<String, List<WorkerView>> byEnvironment = workers.byEnvironment();
        follow(now, byEnvironment);
        for (Event event : inbox.take()) {
            EnvironmentRun run = runs.get(event.spec().environment());
            if (run != null && run.spec().equals(event.spec())) {
                run.hear(event, ready(byEnvironment.getOrDefault(run.wanted().id(), List.of())), nanoTime.getAsLong());
            }
        }
        for (EnvironmentRun run : runs.values()) {
            for (Action action :
                    plan(run, byEnvironment.getOrDefault(run.wanted().id(), List.of()))) {
                switch (action) {
                    case Action.Start start -> starts.start(start.spec(), run.wanted());
                    case Action.End end -> ends.end(end);
                }
            }
        }
        leaveUnknown(now, byEnvironment);
        if (stopping) {
            pool.empty();
        } else {
            pool.keep();
        }
        answer();
        report();
    }

    /** A changed environment starts anew: what went wrong with the old one says nothing of it. */
    private void follow(CellState now, Map<String, List<WorkerView>> byEnvironment) {
        Set<String> named = new HashSet<>();
        for (EndpointState endpoint : now.endpoints()) {
            endpoint.environments().forEach(wanted -> {
                named.add(wanted.id());
                EnvironmentRun run = runs.get(wanted.id());
                if (run == null || !run.wanted().equals(wanted)) {
                    int running = (int) byEnvironment.getOrDefault(wanted.id(), List.of()).stream()
                            .filter(WorkerView::counts)
                            .count();
                    runs.put(wanted.id(), new EnvironmentRun(endpoint.name(), wanted, running, nanoTime.getAsLong()));
                }
            });
        }
        runs.keySet().retainAll(named);
    }

    private List<? extends Action> plan(EnvironmentRun run, List<WorkerView> views) {
        EnvironmentState wanted = run.wanted();
        if (stopping || !wanted.phase().runs()) {
            return EnvironmentPlan.leave(views);
        }
        long now = nanoTime.getAsLong();
        boolean woken = wishes.open().contains(new Wishes.Wish(wanted.id(), wanted.digest()));
        int desired = run.decide(demand.of(wanted.id(), wanted.digest(), run.sinceNanos()), woken, ready(views), now);
        return EnvironmentPlan.of(
                run.spec(), wanted, desired, run.idle(), run.trouble().mayStart(now), views);
    }

    private static int ready(List<WorkerView> views) {
        return (int) views.stream().filter(WorkerView::ready).count();
    }

    /** Workers of environments that are gone. Not knowing an environment is not the same: such workers go on. */
    private void leaveUnknown(CellState now, Map<String, List<WorkerView>> byEnvironment) {
        if (now.revision() == 0 && !stopping) {
            return;
        }
        Set<String> unreadable = new HashSet<>();
        now.refused().stream().map(RefusedEntry::endpoint).forEach(unreadable::add);
        byEnvironment.forEach((environment, views) -> {
            if (!runs.containsKey(environment)) {
                List<WorkerView> gone = views.stream()
                        .filter(view -> stopping
                                || view.spec() == null
                                || !unreadable.contains(view.spec().endpoint()))
                        .toList();
                EnvironmentPlan.leave(gone).forEach(ends::end);
            }
        });
    }

    private void answer() {
        List<WorkerAddress> ready = workers.ready();
        long now = nanoTime.getAsLong();
        for (Wishes.Wish wish : wishes.open()) {
            Optional<WorkerAddress> found = ready.stream()
                    .filter(address -> address.environment().equals(wish.environment())
                            && address.digest().equals(wish.digest()))
                    .findFirst();
            if (found.isPresent()) {
                wishes.fulfil(wish, found.get());
                continue;
            }
            EnvironmentRun run = runs.get(wish.environment());
            if (run != null && run.wanted().digest().equals(wish.digest())) {
                Trouble trouble = run.trouble();
                trouble.told()
                        .filter(_ -> !trouble.mayStart(now))
                        .ifPresent(failure -> wishes.refuse(wish, failure, trouble.holdLeft(now)));
            }
        }
    }

    private void report() {
        List<EnvironmentFact> next = EnvironmentFacts.of(runs, workers.byEnvironment());
        if (!next.equals(facts)) {
            facts = next;
            listeners.forEach(Runnable::run);
        }
    }

    /** Ends all workers: each finishes what it holds, for so long at most, then it is killed. Nothing is started from here on. */
    public void stopWorkers(Duration limit) throws InterruptedException {
        stopping = true;
        inbox.nudge();
        if (!workers.awaitNone(limit)) {
            workers.all().forEach(Worker::kill);
            workers.awaitNone(limit);
        }
    }

    /** Ends the looking; workers stay. */
    @Override
    public void close() {
        workers.leaveAlone();
        thread.interrupt();
    }
}
