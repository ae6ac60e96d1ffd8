package dev.teal.gateway.activation;

import dev.teal.gateway.workers.Worker;
import dev.teal.gateway.workers.WorkerConnections;
import dev.teal.protocol.cell.WorkerAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The workers of a lane: which of them gets the next request, and what the fleet says of them. Guarded by the lane's lock. */
final class LaneWorkers {
    /** The fleet's list may be a little older than its answer to a wake. */
    private static final long WAKE_OUTRUNS_LIST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final WorkerConnections connections;
    private final Map<String, Worker> workers = new HashMap<>();
    private final Map<String, Long> wokenAtNanos = new HashMap<>();
    private int next;

    LaneWorkers(WorkerConnections connections) {
        this.connections = connections;
    }

    /** Takes a place at the least busy one with room, beginning at another one each time, so that equal ones share the work. */
    @Nullable
    Worker take(boolean alone, long nowNanos) {
        Worker best = null;
        int position = 0;
        int start = workers.isEmpty() ? 0 : Math.floorMod(next++, workers.size());
        boolean bestIsAfterStart = false;
        for (Worker worker : workers.values()) {
            boolean afterStart = position++ >= start;
            if (!worker.usable(nowNanos) || !worker.hasRoom(alone)) {
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

    /** One that may work, with room or without. */
    Optional<Worker> anyUsable(long nowNanos) {
        for (Worker worker : workers.values()) {
            if (worker.usable(nowNanos)) {
                return Optional.of(worker);
            }
        }
        return Optional.empty();
    }

    List<Worker> usable(long nowNanos) {
        return workers.values().stream()
                .filter(worker -> worker.usable(nowNanos))
                .toList();
    }

    int inFlight() {
        int sum = 0;
        for (Worker worker : workers.values()) {
            sum += worker.inFlight();
        }
        return sum;
    }

    /** The fleet's list of those that are ready. @param fresh from another fleet than before */
    void update(List<WorkerAddress> listed, boolean fresh, long nowNanos) {
        Set<WorkerAddress> named = new HashSet<>(listed);
        workers.values().removeIf(worker -> {
            boolean goes = !named.contains(worker.address()) && !outrunsList(worker, nowNanos);
            if (goes) {
                wokenAtNanos.remove(worker.address().id());
                worker.leave();
            }
            return goes;
        });
        for (WorkerAddress address : listed) {
            Worker worker = known(address);
            wokenAtNanos.remove(address.id());
            if (fresh) {
                worker.markIn();
            }
        }
    }

    private boolean outrunsList(Worker worker, long nowNanos) {
        Long woken = wokenAtNanos.get(worker.address().id());
        return woken != null && nowNanos - woken <= WAKE_OUTRUNS_LIST_NANOS;
    }

    /** The fleet's answer to a wake. @return whether that one may work; not if it has refused, or was not reached, a moment ago */
    boolean woken(WorkerAddress address, long nowNanos) {
        Worker worker = known(address);
        boolean refused = worker.isOut();
        worker.markIn();
        wokenAtNanos.put(address.id(), nowNanos);
        return !refused && worker.usable(nowNanos);
    }

    private Worker known(WorkerAddress address) {
        return workers.computeIfAbsent(address.id(), _ -> connections.open(address));
    }
}
