package dev.teal.fleet.run;

import dev.teal.fleet.run.domain.WorkerView;
import dev.teal.protocol.cell.WorkerAddress;
import dev.teal.protocol.cell.WorkerFact;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** All workers of this fleet, from the wish for one until its process is gone. */
public final class Workers {

    private final Map<String, Worker> all = new ConcurrentHashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Lock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private volatile boolean leftAlone;

    /** Told after each change of any worker, on the thread that made it; must be short. */
    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    void changed() {
        listeners.forEach(Runnable::run);
    }

    /** From now on they are followed no more: they go on by themselves, for the next fleet. */
    void leaveAlone() {
        leftAlone = true;
    }

    boolean leftAlone() {
        return leftAlone;
    }

    void add(Worker worker) {
        all.put(worker.id(), worker);
    }

    void remove(Worker worker) {
        lock.lock();
        try {
            all.remove(worker.id());
            if (all.isEmpty()) {
                none.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** @return false when there are some left after the limit */
    boolean awaitNone(Duration limit) throws InterruptedException {
        lock.lock();
        try {
            long leftNanos = limit.toNanos();
            while (!all.isEmpty()) {
                if (leftNanos <= 0) {
                    return false;
                }
                leftNanos = none.awaitNanos(leftNanos);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    Optional<Worker> find(String id) {
        return Optional.ofNullable(all.get(id));
    }

    Collection<Worker> all() {
        return all.values();
    }

    /** Those that have been taken for an environment. */
    Map<String, List<WorkerView>> byEnvironment() {
        Map<String, List<WorkerView>> byEnvironment = new HashMap<>();
        for (Worker worker : all.values()) {
            WorkerView view = worker.view();
            view.environment()
                    .ifPresent(environment -> byEnvironment
                            .computeIfAbsent(environment, _ -> new ArrayList<>())
                            .add(view));
        }
        return byEnvironment;
    }

    /** Those that gateways may send to. */
    public List<WorkerAddress> ready() {
        return all.values().stream()
                .flatMap(worker -> worker.readyAddress().stream())
                .sorted(Comparator.comparing(WorkerAddress::id))
                .toList();
    }

    public List<WorkerFact> facts() {
        return all.values().stream()
                .map(Worker::fact)
                .sorted(Comparator.comparing(WorkerFact::id))
                .toList();
    }

    /** A worker's own metrics as Prometheus text. */
    public Optional<String> metrics(String id) throws IOException {
        Optional<Worker> worker = find(id);
        if (worker.isEmpty() || worker.get().running().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(worker.get().running().get().control().metrics());
    }
}
