package dev.teal.gateway.activation;

import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.answer.Outcome;
import dev.teal.gateway.timing.Timers;
import dev.teal.gateway.workers.Worker;
import dev.teal.gateway.workers.WorkerConnections;
import dev.teal.protocol.cell.Demand;
import dev.teal.protocol.cell.WorkerAddress;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Where the requests of one version in one environment meet its workers. A request gets the least busy worker that has room, or waits in
 * line; with no worker that may work, one wake is under way however many wait. The lock guards a few fields for a few instructions:
 * no waiter and no worker is called while it is held, and so it is fit for event loops.
 */
public final class Lane {
    private static final long FIRST_BACK_OFF_MILLIS = 100;
    private static final long LONGEST_BACK_OFF_MILLIS = 2_000;
    private static final long BUFFER_RETRY_AFTER_SECONDS = 1;
    /** The fleet's list may be a little older than its answer to a wake. */
    private static final long WAKE_OUTRUNS_LIST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final LaneKey key;
    private final Buffer buffer;
    private final Tools tools;
    private final ArrayDeque<Waiting> line = new ArrayDeque<>();
    private final Map<String, Worker> workers = new HashMap<>();
    private final Map<String, Long> wokenAtNanos = new HashMap<>();
    private boolean waking;
    private long wakeDeadlineMillis = 1;
    private long backOffMillis = FIRST_BACK_OFF_MILLIS;
    private long requests;
    private long lastUsedNanos;
    private int next;

    /** What all lanes share. @param demandNow called when somebody waits for an environment that has no worker */
    record Tools(
            WorkerConnections connections,
            Waker waker,
            Timers timers,
            LongSupplier ticker,
            Timer wakeWaits,
            Runnable demandNow) {}

    private record Waiting(Waiter waiter, long sinceNanos) {}

    private record Grant(Waiter waiter, Worker worker) {
        void give() {
            waiter.granted(worker);
        }
    }

    Lane(LaneKey key, Buffer buffer, Tools tools) {
        this.key = key;
        this.buffer = buffer;
        this.tools = tools;
        this.lastUsedNanos = tools.ticker().getAsLong();
    }

    public LaneKey key() {
        return key;
    }

    /** Counts an arrival, once a request however often it is repeated. */
    public synchronized void arrived() {
        requests++;
    }

    /** @param deadlineMillis of the endpoint: how long a wake on behalf of all who wait may take */
    public void enter(Waiter waiter, long deadlineMillis) {
        Worker worker;
        boolean full = false;
        synchronized (this) {
            lastUsedNanos = tools.ticker().getAsLong();
            worker = line.isEmpty() ? take(waiter.alone()) : null;
            if (worker == null) {
                full = !buffer.take(waiter.bodyBytes());
                if (!full) {
                    line.add(new Waiting(waiter, lastUsedNanos));
                    wakeDeadlineMillis = Math.max(wakeDeadlineMillis, deadlineMillis);
                }
            }
        }
        if (worker != null) {
            waiter.granted(worker);
        } else if (full) {
            waiter.refused(Answer.Failure.unavailable(
                    Outcome.OVERLOADED,
                    "Exceeds maximum queue size: as many requests as may wait for a worker of '" + key.endpoint()
                            + "' are waiting; try again later",
                    BUFFER_RETRY_AFTER_SECONDS));
        } else {
            wakeIfNeeded();
        }
    }

    /** The request does not want a worker any more. */
    public void leave(Waiter waiter) {
        boolean left;
        synchronized (this) {
            left = line.removeIf(waiting -> waiting.waiter() == waiter);
        }
        if (left) {
            buffer.give(waiter.bodyBytes());
            // It may have stood in the way of those behind it
            pump();
        }
    }

    /** The request is no longer at this worker. */
    public void release(Worker worker) {
        boolean others;
        synchronized (this) {
            worker.give();
            others = !line.isEmpty();
        }
        if (others) {
            pump();
        }
    }

    public void worked(Worker worker) {
        if (worker.failures() != 0) {
            synchronized (this) {
                worker.worked();
            }
        }
    }

    /** The worker refuses for good: out until the fleet names it anew. */
    public void out(Worker worker) {
        synchronized (this) {
            worker.markOut();
        }
    }

    /** The worker could not be connected to. The last one is tried again soonest, since it may still work. */
    public void unreachable(Worker worker) {
        long nanos;
        synchronized (this) {
            nanos = worker.eject(tools.ticker().getAsLong());
        }
        tools.timers().after(Duration.ofNanos(nanos), this::pump);
    }

    /** The fleet's list of this environment's ready workers. @param fresh from another fleet than before */
    void update(List<WorkerAddress> listed, boolean fresh) {
        List<Worker> left = new ArrayList<>();
        synchronized (this) {
            long now = tools.ticker().getAsLong();
            Map<String, WorkerAddress> byId = new HashMap<>();
            listed.forEach(address -> byId.put(address.id(), address));
            workers.values().removeIf(worker -> {
                Long woken = wokenAtNanos.get(worker.address().id());
                boolean goes =
                        !worker.address().equals(byId.get(worker.address().id()))
                                && (woken == null || now - woken > WAKE_OUTRUNS_LIST_NANOS);
                if (goes) {
                    left.add(worker);
                    wokenAtNanos.remove(worker.address().id());
                }
                return goes;
            });
            for (WorkerAddress address : listed) {
                Worker worker = workers.computeIfAbsent(
                        address.id(), _ -> tools.connections().open(address));
                wokenAtNanos.remove(address.id());
                if (fresh) {
                    worker.markIn();
                }
            }
            left.forEach(Worker::leave);
        }
        pump();
        wakeIfNeeded();
    }

    /** A worker to ask something beside inference, or empty; then one is being woken. */
    public Optional<Worker> any(long deadlineMillis) {
        synchronized (this) {
            long now = tools.ticker().getAsLong();
            lastUsedNanos = now;
            for (Worker worker : workers.values()) {
                if (worker.usable(now)) {
                    return Optional.of(worker);
                }
            }
            wakeDeadlineMillis = Math.max(wakeDeadlineMillis, deadlineMillis);
        }
        wake();
        return Optional.empty();
    }

    /** Its workers that may work, to be asked something beside inference; none is woken. */
    public synchronized List<Worker> workers() {
        long now = tools.ticker().getAsLong();
        return workers.values().stream().filter(worker -> worker.usable(now)).toList();
    }

    public synchronized Demand.EnvironmentDemand demand() {
        Waiting oldest = line.peek();
        long oldestMillis = oldest == null
                ? 0
                : TimeUnit.NANOSECONDS.toMillis(tools.ticker().getAsLong() - oldest.sinceNanos());
        return new Demand.EnvironmentDemand(
                key.environment(), key.digest(), inFlight(), line.size(), oldestMillis, requests);
    }

    synchronized boolean unusedFor(Duration time) {
        return line.isEmpty()
                && !waking
                && inFlight() == 0
                && tools.ticker().getAsLong() - lastUsedNanos > time.toNanos();
    }

    private int inFlight() {
        int sum = 0;
        for (Worker worker : workers.values()) {
            sum += worker.inFlight();
        }
        return sum;
    }

    /** The least busy worker with room, beginning at another one each time, so that equal ones share the work. */
    private @Nullable Worker take(boolean alone) {
        long now = tools.ticker().getAsLong();
        Worker best = null;
        int position = 0;
        int start = workers.isEmpty() ? 0 : Math.floorMod(next++, workers.size());
        boolean bestIsAfterStart = false;
        for (Worker worker : workers.values()) {
            boolean afterStart = position++ >= start;
            if (!worker.usable(now) || !worker.hasRoom(alone)) {
                continue;
            }
            if (best == null
                    || worker.inFlight() < best.inFlight()
                    || (worker.inFlight() == best.inFlight() && afterStart && !bestIsAfterStart)) {
                best = worker;
                bestIsAfterStart = afterStart;
            }
        }
        if (best != null) {
            best.take(alone);
        }
        return best;
    }

    /** What a waiter asks for has changed. */
    public void again() {
        pump();
    }

    /** Gives out all places that there are, first come first served. */
    private void pump() {
        List<Grant> grants = new ArrayList<>();
        synchronized (this) {
            long now = tools.ticker().getAsLong();
            while (!line.isEmpty()) {
                Waiting first = line.element();
                Worker worker = take(first.waiter().alone());
                if (worker == null) {
                    break;
                }
                line.remove();
                buffer.give(first.waiter().bodyBytes());
                tools.wakeWaits().record(now - first.sinceNanos(), TimeUnit.NANOSECONDS);
                grants.add(new Grant(first.waiter(), worker));
            }
        }
        grants.forEach(Grant::give);
        wakeIfNeeded();
    }

    private void wakeIfNeeded() {
        synchronized (this) {
            if (line.isEmpty() || waking || anyUsable()) {
                return;
            }
        }
        tools.demandNow().run();
        wake();
    }

    private boolean anyUsable() {
        long now = tools.ticker().getAsLong();
        for (Worker worker : workers.values()) {
            if (worker.usable(now)) {
                return true;
            }
        }
        return false;
    }

    private void wake() {
        long deadlineMillis;
        synchronized (this) {
            if (waking) {
                return;
            }
            waking = true;
            deadlineMillis = wakeDeadlineMillis;
            wakeDeadlineMillis = 1;
        }
        tools.waker()
                .wake(key, deadlineMillis)
                .onErrorResume(problem -> Mono.just(new WakeResult.Unknown(String.valueOf(problem))))
                .subscribe(this::woken);
    }

    private void woken(WakeResult result) {
        switch (result) {
            case WakeResult.Ready(var address) -> ready(address);
            case WakeResult.Refused(var reason, var retryAfterSeconds) ->
                refuseAll(Answer.Failure.unavailable(Outcome.UNAVAILABLE, reason, retryAfterSeconds));
            case WakeResult.Unknown _ -> wakeLater();
        }
    }

    private void ready(WorkerAddress address) {
        boolean usable;
        synchronized (this) {
            Worker worker = workers.computeIfAbsent(
                    address.id(), _ -> tools.connections().open(address));
            boolean refused = worker.isOut();
            worker.markIn();
            wokenAtNanos.put(address.id(), tools.ticker().getAsLong());
            usable = !refused && worker.usable(tools.ticker().getAsLong());
            if (usable) {
                waking = false;
                backOffMillis = FIRST_BACK_OFF_MILLIS;
            }
        }
        if (usable) {
            pump();
        } else {
            // The fleet has not noticed yet that it is dead or drains: it may get one more request, but no wake at once
            wakeLater();
        }
    }

    private void wakeLater() {
        long millis;
        synchronized (this) {
            millis = backOffMillis;
            backOffMillis = Math.min(LONGEST_BACK_OFF_MILLIS, backOffMillis * 2);
        }
        tools.timers().after(Duration.ofMillis(millis), () -> {
            synchronized (this) {
                waking = false;
                if (line.isEmpty()) {
                    backOffMillis = FIRST_BACK_OFF_MILLIS;
                }
            }
            pump();
        });
    }

    private void refuseAll(Answer.Failure failure) {
        List<Waiting> refused;
        synchronized (this) {
            waking = false;
            refused = List.copyOf(line);
            line.clear();
        }
        for (Waiting waiting : refused) {
            buffer.give(waiting.waiter().bodyBytes());
            waiting.waiter().refused(failure);
        }
    }
}
