package dev.teal.gateway.activation;

import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.answer.Outcome;
import dev.teal.gateway.workers.Worker;
import dev.teal.protocol.cell.BackOff;
import dev.teal.protocol.cell.Demand;
import dev.teal.protocol.cell.WorkerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/**
 * Where the requests of one version in one environment meet its workers. A request gets the least busy worker that has room, or waits in
 * line for its turn; with no worker that may work, one wake is under way however many wait.
 *
 * <p>The lane's lock guards all of that: line, workers, what the workers hold, and the wake. It is held for a few instructions: waiters are
 * asked for their turn and get their answers, and the fleet is asked, without it, and so it is fit for event loops. The buffer, which an
 * endpoint's lanes share, has a lock of its own, always taken second.
 */
public final class Lane {
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    private final LaneKey key;
    private final LaneTools tools;
    private final Line line;
    private final LaneWorkers workers;
    private final BackOff wakePauses = new BackOff(FIRST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);
    private boolean waking;
    private long wakeDeadlineMillis = 1;
    private long requests;
    private long lastUsedNanos;
    private long workerSinceNanos;

    private record Grant(Waiter waiter, Worker worker, long waitedNanos) {
        void give() {
            waiter.granted(worker, waitedNanos);
        }
    }

    Lane(LaneKey key, Buffer buffer, LaneTools tools) {
        this.key = key;
        this.tools = tools;
        this.line = new Line(buffer);
        this.workers = new LaneWorkers(tools.connections());
        this.lastUsedNanos = now();
        this.workerSinceNanos = lastUsedNanos;
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
        synchronized (this) {
            lastUsedNanos = now();
            worker = line.isEmpty() ? workers.take(waiter.alone(), lastUsedNanos) : null;
        }
        if (worker == null) {
            stand(waiter, deadlineMillis);
        } else {
            waiter.granted(worker, 0);
        }
    }

    private void stand(Waiter waiter, long deadlineMillis) {
        long turnNanos = waiter.alone() ? Line.BEFORE_ALL : waiter.turnNanos();
        boolean waits;
        synchronized (this) {
            waits = line.join(waiter, turnNanos, now());
            if (waits) {
                wakeDeadlineMillis = Math.max(wakeDeadlineMillis, deadlineMillis);
            }
        }
        if (waits) {
            // A place may have become free meanwhile; and who is first now may find room where the one behind found
            // none
            pump();
        } else {
            waiter.refused(Answer.Failure.lineFull(key.endpoint()));
        }
    }

    /** The request does not want a worker any more. */
    public void leave(Waiter waiter) {
        boolean left;
        synchronized (this) {
            left = line.leave(waiter);
        }
        if (left) {
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
        // Without the lock, as there is next to never anything to forget; what is not seen now is by the next
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
            nanos = worker.eject(now());
        }
        tools.timers().after(Duration.ofNanos(nanos), this::pump);
    }

    /** The fleet's list of this environment's ready workers. @param fresh from another fleet than before */
    void update(List<WorkerAddress> listed, boolean fresh) {
        synchronized (this) {
            noteWhetherThereIsAWorker();
            workers.update(listed, fresh, now());
        }
        pump();
    }

    /** A worker to ask something beside inference, or empty; then one is being woken. */
    public Optional<Worker> any(long deadlineMillis) {
        synchronized (this) {
            lastUsedNanos = now();
            Optional<Worker> usable = workers.anyUsable(lastUsedNanos);
            if (usable.isPresent()) {
                return usable;
            }
            wakeDeadlineMillis = Math.max(wakeDeadlineMillis, deadlineMillis);
        }
        wake();
        return Optional.empty();
    }

    /** Its workers that may work, to be asked something beside inference; none is woken. */
    public synchronized List<Worker> workers() {
        return workers.usable(now());
    }

    public synchronized Demand.EnvironmentDemand demand() {
        Line.Place oldest = line.oldest();
        long oldestMillis = oldest == null ? 0 : TimeUnit.NANOSECONDS.toMillis(now() - oldest.sinceNanos());
        return new Demand.EnvironmentDemand(
                key.environment(), key.digest(), workers.inFlight(), line.size(), oldestMillis, requests);
    }

    synchronized boolean unusedFor(Duration time) {
        return line.isEmpty() && !waking && workers.inFlight() == 0 && now() - lastUsedNanos > time.toNanos();
    }

    /** What a waiter asks for has changed. */
    public void again() {
        pump();
    }

    /** Gives out all places that there are, to those whose turn it is. */
    private void pump() {
        List<Grant> grants = new ArrayList<>();
        synchronized (this) {
            long now = now();
            for (Line.Place first = line.first(); first != null; first = line.first()) {
                Worker worker = workers.take(first.waiter().alone(), now);
                if (worker == null) {
                    break;
                }
                line.leave(first.waiter());
                tools.wakeWaits().record(now - first.sinceNanos(), TimeUnit.NANOSECONDS);
                long behindOthers = Math.min(now - first.sinceNanos(), now - workerSinceNanos);
                grants.add(new Grant(first.waiter(), worker, behindOthers));
            }
        }
        grants.forEach(Grant::give);
        wakeIfNeeded();
    }

    /** To wait for a worker to start is not to wait behind others: a queue's limit does not count it. */
    private void noteWhetherThereIsAWorker() {
        long now = now();
        if (workers.anyUsable(now).isEmpty()) {
            workerSinceNanos = now;
        }
    }

    private void wakeIfNeeded() {
        synchronized (this) {
            if (line.isEmpty() || waking || workers.anyUsable(now()).isPresent()) {
                return;
            }
        }
        tools.demandNow().run();
        wake();
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
            noteWhetherThereIsAWorker();
            usable = workers.woken(address, now());
            if (usable) {
                waking = false;
                wakePauses.reset();
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
            millis = wakePauses.nextMillis();
        }
        tools.timers().after(Duration.ofMillis(millis), () -> {
            synchronized (this) {
                waking = false;
                if (line.isEmpty()) {
                    wakePauses.reset();
                }
            }
            pump();
        });
    }

    private void refuseAll(Answer.Failure failure) {
        List<Waiter> refused;
        synchronized (this) {
            waking = false;
            refused = line.clear();
        }
        refused.forEach(waiter -> waiter.refused(failure));
    }

    private long now() {
        return tools.ticker().getAsLong();
    }
}
