package dev.teal.cli.local;

import dev.teal.cli.terminal.Refused;
import dev.teal.cli.terminal.Terminal;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Keeps a set of parts running: starts what is missing, starts again what dies, stops all in order. */
final class Supervisor {
    private final List<List<Part>> stages;
    private final List<Part> stopOrder;
    private final RunRecords records;
    private final Terminal terminal;
    private final List<Watch> watches = new CopyOnWriteArrayList<>();
    private volatile boolean stopping;

    /**
     * @param stages started one after the other, the parts of one at once
     * @param stopOrder all parts, those that take requests first
     */
    Supervisor(List<List<Part>> stages, List<Part> stopOrder, RunRecords records, Terminal terminal) {
        this.stages = List.copyOf(stages);
        this.stopOrder = List.copyOf(stopOrder);
        this.records = records;
        this.terminal = terminal;
    }

    /** Returns when all are ready. @throws Refused with the reason, after everything was stopped, when one cannot be */
    void start() throws IOException, InterruptedException {
        for (List<Part> stage : stages) {
            List<Watch> begun = stage.stream()
                    .map(part -> new Watch(part, records, terminal, () -> stopping))
                    .toList();
            watches.addAll(begun);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<?> ready : begun.stream().map(threads::submit).toList()) {
                    ready.get();
                }
            } catch (ExecutionException e) {
                stop();
                if (e.getCause() instanceof Refused refused) {
                    throw refused;
                }
                throw new Refused(Refused.FAILED, String.valueOf(e.getCause()));
            }
        }
        watches.forEach(Watch::guard);
    }

    /** Stops what runs, whoever started it. May be called while a start is under way: what is being started is stopped too. */
    synchronized void stop() throws InterruptedException {
        stopping = true;
        for (Watch watch : watches) {
            watch.leave();
        }
        stopAll();
        stopAll(); // the first start may still have been under way, and have started one after we had passed it
    }

    private void stopAll() throws InterruptedException {
        for (Part part : stopOrder) {
            Stopping.stop(part, records, terminal);
        }
    }
}
