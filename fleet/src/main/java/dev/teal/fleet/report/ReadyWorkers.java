package dev.teal.fleet.report;

import dev.teal.fleet.run.Workers;
import dev.teal.protocol.cell.FleetWorkers;
import dev.teal.protocol.cell.WorkerAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The ready workers with a revision that grows at each change, so that a gateway can wait for the next. */
final class ReadyWorkers {

    private final String instance;
    private final Workers workers;
    private FleetWorkers current;

    ReadyWorkers(String instance, Workers workers) {
        this.instance = instance;
        this.workers = workers;
        this.current = new FleetWorkers(instance, 1, List.of());
    }

    synchronized void look() {
        List<WorkerAddress> ready = workers.ready();
        if (!ready.equals(current.workers())) {
            current = new FleetWorkers(instance, current.revision() + 1, ready);
            notifyAll();
        }
    }

    /** At once if {@code after} is not the current revision: a higher one is of an earlier instance. */
    synchronized FleetWorkers after(long after, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (long left = limit.toNanos();
                current.revision() == after && left > 0;
                left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return current;
    }
}
