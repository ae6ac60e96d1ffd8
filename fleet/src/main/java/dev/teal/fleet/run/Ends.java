package dev.teal.fleet.run;

import dev.teal.fleet.run.domain.Action;
import dev.teal.fleet.worker.RunningWorker;
import dev.teal.protocol.worker.DrainRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets workers go. What blocks runs on a thread of its own; what the next decision must see is noted before. */
final class Ends {

    private static final Logger log = LoggerFactory.getLogger(Ends.class);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);

    private final Workers workers;
    private final LongSupplier nanoTime;

    Ends(Workers workers, LongSupplier nanoTime) {
        this.workers = workers;
        this.nanoTime = nanoTime;
    }

    void end(Action.End action) {
        switch (action) {
            case Action.Drain(var worker, var idleMillis) -> drain(worker, idleMillis);
            case Action.Stop(var worker, var reason) -> stop(worker, reason);
        }
    }

    private void drain(String id, long idleMillis) {
        Worker worker = workers.find(id).orElse(null);
        long now = nanoTime.getAsLong();
        if (worker == null || worker.leaving() || askedLately(worker, now)) {
            return;
        }
        worker.drainAsked(now);
        worker.running()
                .ifPresent(process ->
                        Thread.ofVirtual().name("drain " + id).start(() -> drain(worker, process, idleMillis)));
    }

    private static boolean askedLately(Worker worker, long now) {
        return worker.drainAskedNanos()
                .map(asked -> now - asked < ASK_AGAIN.toNanos())
                .orElse(false);
    }

    private void drain(Worker worker, RunningWorker process, long idleMillis) {
        try {
            if (process.control().drain(new DrainRequest(idleMillis))) {
                worker.drains();
                log.atInfo()
                        .addKeyValue("worker", worker.id())
                        .addKeyValue("idleMillis", idleMillis)
                        .log("Worker drains");
                workers.changed();
            }
        } catch (IOException e) {
            log.atDebug()
                    .addKeyValue("worker", worker.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("Worker could not be asked to drain");
        }
    }

    void stop(String id, String reason) {
        Worker worker = workers.find(id).orElse(null);
        if (worker == null || worker.leaving() || worker.running().isEmpty()) {
            return;
        }
        worker.leaves();
        log.atInfo().addKeyValue("worker", id).addKeyValue("reason", reason).log("Worker stopped");
        RunningWorker process = worker.running().get();
        Thread.ofVirtual().name("stop " + id).start(() -> stop(process));
    }

    private static void stop(RunningWorker process) {
        try {
            process.control().stop();
            process.exited().get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (IOException | ExecutionException | TimeoutException e) {
            process.kill();
        } catch (InterruptedException e) {
            process.kill();
            Thread.currentThread().interrupt();
        }
    }
}
