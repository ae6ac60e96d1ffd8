package dev.teal.fleet.run;

import dev.teal.fleet.run.domain.Action;
import dev.teal.fleet.run.domain.EnvironmentPlan;
import dev.teal.fleet.run.domain.Trouble;
import dev.teal.fleet.run.domain.WorkerView;
import dev.teal.fleet.scale.DemandBook;
import dev.teal.fleet.worker.WorkerRuntime;
import dev.teal.protocol.cell.CellState;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.EnvironmentFact;
import dev.teal.protocol.cell.EnvironmentState;
import dev.teal.protocol.cell.RefusedEntry;
import dev.teal.protocol.cell.WorkerAddress;
import dev.teal.protocol.worker.WorkerState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private static final Duration ADOPTION_LIMIT = Duration.ofSeconds(5);
    private static final Duration POOL_YIELDS = Duration.ofSeconds(5);

    private final WorkerRuntime runtime;
    private final Workers workers;
    private final Hands hands;
    private final Pool pool;
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
            WorkerRuntime runtime,
            Workers workers,
            Hands hands,
            Pool pool,
            Wishes wishes,
            DemandBook demand,
            Inbox inbox,
            CellState initial,
            LongSupplier nanoTime) {
        this.runtime = runtime;
        this.workers = workers;
        this.hands = hands;
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

    /** Takes up the workers of the fleet before this one. Returns when each has said what it is, or did not in time. */
    public void adoptWorkers() throws IOException, InterruptedException {
        runtime.adopt().forEach(hands::adopt);
        CompletableFuture<?>[] all = workers.all().stream().map(Worker::up).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(all).get(ADOPTION_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.atWarn().log("Some adopted workers have not answered yet");
        }
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
        follow(now);
        // The workers before what happened to them: none is seen gone whose failure is not known yet
        Map<String, List<WorkerView>> byEnvironment = byEnvironment();
        for (Event event : inbox.take()) {
            EnvironmentRun run = runs.get(event.spec().environment());
            if (run != null && run.spec().equals(event.spec())) {
                run.hear(event, ready(byEnvironment.getOrDefault(run.wanted().id(), List.of())), nanoTime.getAsLong());
            }
        }
        for (EnvironmentRun run : runs.values()) {
            act(plan(run, byEnvironment.getOrDefault(run.wanted().id(), List.of())), run.wanted());
        }
        leaveUnknown(now, byEnvironment);
        keepPool();
        answer();
        report(byEnvironment());
    }

    /** A changed environment starts anew: what went wrong with the old one says nothing of it. */
    private void follow(CellState now) {
        Set<String> named = new HashSet<>();
        for (EndpointState endpoint : now.endpoints()) {
            endpoint.environments().forEach(wanted -> {
                named.add(wanted.id());
                EnvironmentRun run = runs.get(wanted.id());
                if (run == null || !run.wanted().equals(wanted)) {
                    runs.put(
                            wanted.id(),
                            new EnvironmentRun(endpoint.name(), wanted, serving(wanted.id()), nanoTime.getAsLong()));
                }
            });
        }
        runs.keySet().retainAll(named);
    }

    private int serving(String environment) {
        return (int) workers.all().stream()
                .map(Worker::view)
                .filter(view -> view.counts()
                        && view.environment().filter(environment::equals).isPresent())
                .count();
    }

    private Map<String, List<WorkerView>> byEnvironment() {
        Map<String, List<WorkerView>> byEnvironment = new HashMap<>();
        for (Worker worker : workers.all()) {
            WorkerView view = worker.view();
            view.environment()
                    .ifPresent(environment -> byEnvironment
                            .computeIfAbsent(environment, _ -> new ArrayList<>())
                            .add(view));
        }
        return byEnvironment;
    }

    private List<Action> plan(EnvironmentRun run, List<WorkerView> views) {
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

    private void act(List<Action> actions, EnvironmentState wanted) {
        for (Action action : actions) {
            switch (action) {
                case Action.Start start -> hands.start(start.spec(), wanted);
                case Action.Drain drain -> hands.drain(drain.worker(), drain.idleMillis());
                case Action.Stop stop -> hands.stop(stop.worker(), stop.reason());
            }
        }
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
                for (Action action : EnvironmentPlan.leave(gone)) {
                    switch (action) {
                        case Action.Drain drain -> hands.drain(drain.worker(), drain.idleMillis());
                        case Action.Stop stop -> hands.stop(stop.worker(), stop.reason());
                        case Action.Start _ -> throw new IllegalStateException("leaving starts nothing");
                    }
                }
            }
        });
    }

    private void keepPool() {
        List<WorkerView> free = workers.all().stream()
                .map(Worker::view)
                .filter(view -> view.spec() == null && !view.leaving())
                .sorted(Comparator.comparing(WorkerView::state))
                .toList();
        int size = stopping ? 0 : pool.size();
        for (int i = free.size(); i < size && !somebodyWaits(); i++) {
            hands.fillPool();
        }
        free.stream().limit(Math.max(0, free.size() - size)).forEach(view -> hands.stop(view.id(), "not needed"));
    }

    /** A process that starts takes processor time from the worker that somebody waits for, and nobody waits for the pool. */
    private boolean somebodyWaits() {
        long now = nanoTime.getAsLong();
        return workers.all().stream()
                .filter(worker -> !worker.leaving() && worker.state().compareTo(WorkerState.READY) < 0)
                .flatMap(worker -> worker.claim().stream())
                .anyMatch(claim -> now - claim.sinceNanos() < POOL_YIELDS.toNanos());
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

    private void report(Map<String, List<WorkerView>> byEnvironment) {
        List<EnvironmentFact> next = new ArrayList<>();
        runs.values()
                .forEach(run -> next.add(fact(
                        run.wanted().id(),
                        run.wanted().digest(),
                        byEnvironment.getOrDefault(run.wanted().id(), List.of()),
                        run.trouble())));
        byEnvironment.forEach((environment, views) -> {
            if (!runs.containsKey(environment)) {
                String digest = views.getFirst().spec() == null
                        ? ""
                        : views.getFirst().spec().digest();
                next.add(fact(environment, digest, views, Trouble.NONE));
            }
        });
        next.sort(Comparator.comparing(EnvironmentFact::environment));
        if (!next.equals(facts)) {
            facts = List.copyOf(next);
            listeners.forEach(Runnable::run);
        }
    }

    private static EnvironmentFact fact(String environment, String digest, List<WorkerView> views, Trouble trouble) {
        List<WorkerView> same = views.stream()
                .filter(view -> view.spec() != null && view.spec().digest().equals(digest))
                .toList();
        WorkerState furthest = same.stream()
                .filter(WorkerView::counts)
                .map(WorkerView::state)
                .max(Comparator.naturalOrder())
                .orElse(null);
        return new EnvironmentFact(
                environment,
                digest,
                views.size(),
                (int) same.stream().filter(WorkerView::ready).count(),
                furthest,
                trouble.told().orElse(null));
    }

    /** Ends all workers: each finishes what it holds, for so long at most, then it is killed. Nothing is started from here on. */
    public void stopWorkers(Duration limit) throws InterruptedException {
        stopping = true;
        inbox.nudge();
        if (!workers.awaitNone(limit)) {
            workers.all().forEach(hands::kill);
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
