package dev.teal.fleet.run;

import dev.teal.fleet.run.domain.Spec;
import dev.teal.fleet.worker.RunningWorker;
import dev.teal.fleet.worker.WorkerRuntime;
import dev.teal.protocol.worker.WorkerStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes up the workers of the fleet before this one, each with what that one noted of it. */
public final class Adoption {

    private static final Logger log = LoggerFactory.getLogger(Adoption.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final WorkerRuntime runtime;
    private final Workers workers;
    private final Starts starts;
    private final LongSupplier nanoTime;

    Adoption(WorkerRuntime runtime, Workers workers, Starts starts, LongSupplier nanoTime) {
        this.runtime = runtime;
        this.workers = workers;
        this.starts = starts;
        this.nanoTime = nanoTime;
    }

    /** Returns when each has said what it is, or did not in time. */
    public void adoptAll() throws IOException, InterruptedException {
        runtime.adopt().forEach(this::adopt);
        CompletableFuture<?>[] all = workers.all().stream().map(Worker::up).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(all).get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.atWarn().log("Some adopted workers have not answered yet");
        }
    }

    private void adopt(RunningWorker process) {
        Worker worker = new Worker(process.id(), nanoTime.getAsLong(), process.startedAt());
        process.assignment()
                .ifPresent(assigned -> worker.claim(new Worker.Claim(Spec.of(assigned), nanoTime.getAsLong(), 0)));
        process.coldStart().ifPresent(worker::coldStart);
        workers.add(worker);
        var _ = worker.up().thenAccept(_ -> agree(worker, process));
        starts.attend(worker, process);
    }

    /** A record may be one step ahead of its worker (assigned, but not told yet); any other difference makes it a stranger. */
    private void agree(Worker worker, RunningWorker process) {
        WorkerStatus told = worker.status().orElseThrow();
        Spec noted = worker.claim().map(Worker.Claim::spec).orElse(null);
        if (told.environment() == null) {
            free(worker, process);
        } else if (noted == null
                || !told.environment().equals(noted.environment())
                || !noted.digest().equals(told.digest())) {
            log.atWarn().addKeyValue("worker", worker.id()).log("Worker runs what was never noted, killed");
            worker.kill();
        }
    }

    private void free(Worker worker, RunningWorker process) {
        try {
            // Before anybody may take it: what is noted of its next assignment comes later
            process.remember(null, null);
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("worker", worker.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("Worker's record not written");
        }
        worker.claim(null);
        workers.changed();
    }
}
