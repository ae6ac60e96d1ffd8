package dev.teal.fleet.run;

import dev.teal.fleet.cache.ArtifactCache;
import dev.teal.fleet.cache.FetchFailed;
import dev.teal.fleet.run.domain.Spec;
import dev.teal.fleet.worker.RunningWorker;
import dev.teal.fleet.worker.WorkerProperties;
import dev.teal.fleet.worker.WorkerRuntime;
import dev.teal.protocol.cell.EnvironmentState;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerState;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings workers up. What blocks runs on a thread of its own; what the next decision must see is noted before. */
final class Starts {

    private static final Logger log = LoggerFactory.getLogger(Starts.class);

    private final WorkerRuntime runtime;
    private final WorkerProperties properties;
    private final ArtifactCache cache;
    private final Workers workers;
    private final Room room;
    private final Proofs proofs;
    private final Pool pool;
    private final Inbox inbox;
    private final InstantSource time;
    private final LongSupplier nanoTime;

    Starts(
            WorkerRuntime runtime,
            WorkerProperties properties,
            ArtifactCache cache,
            Workers workers,
            Room room,
            Proofs proofs,
            Pool pool,
            Inbox inbox,
            InstantSource time,
            LongSupplier nanoTime) {
        this.runtime = runtime;
        this.properties = properties;
        this.cache = cache;
        this.workers = workers;
        this.room = room;
        this.proofs = proofs;
        this.pool = pool;
        this.inbox = inbox;
        this.time = time;
        this.nanoTime = nanoTime;
    }

    /** Notes the worker at once, so that the next look counts it; it comes up by itself. */
    void start(Spec spec, EnvironmentState wanted) {
        Optional<Worker> waiting = pooled();
        Optional<WorkerFailure> refused = room.refuses(spec.digest(), wanted.artifactBytes(), waiting.isPresent());
        if (refused.isPresent()) {
            inbox.put(new Event.Failed(spec, refused.get()));
            return;
        }
        Worker worker = waiting.orElseGet(this::newWorker);
        worker.claim(new Worker.Claim(spec, nanoTime.getAsLong(), 0));
        if (waiting.isEmpty()) {
            launch(worker);
        }
        Thread.ofVirtual().name("assign " + worker.id()).start(() -> assign(worker, spec, wanted));
    }

    /** The one that is nearest to being up. */
    private Optional<Worker> pooled() {
        return workers.all().stream()
                .filter(worker -> worker.claim().isEmpty()
                        && !worker.leaving()
                        && worker.state().compareTo(WorkerState.UNASSIGNED) <= 0)
                .max(Comparator.comparing(Worker::state));
    }

    void fillPool() {
        if (pool.mayStart() && room.refusesPoolWorker().isEmpty()) {
            launch(newWorker());
        }
    }

    private Worker newWorker() {
        Worker worker = new Worker(runtime.newId(), nanoTime.getAsLong(), time.instant());
        workers.add(worker);
        return worker;
    }

    private void launch(Worker worker) {
        Thread.ofVirtual().name("launch " + worker.id()).start(() -> {
            try {
                RunningWorker process = runtime.start(worker.id());
                attend(worker, process);
            } catch (IOException | RuntimeException e) {
                notStarted(worker, e);
            }
        });
    }

    private void notStarted(Worker worker, Exception reason) {
        log.atError()
                .addKeyValue("worker", worker.id())
                .addKeyValue("reason", reason.getMessage())
                .log("Worker could not be started");
        worker.claim()
                .ifPresentOrElse(
                        claim -> inbox.put(new Event.Failed(
                                claim.spec(),
                                new WorkerFailure(
                                        WorkerFailure.Code.WORKER_DIED, "the worker's process could not be started"))),
                        pool::died);
        worker.ends();
        workers.remove(worker);
        worker.up().completeExceptionally(reason);
        workers.changed();
    }

    /** Follows a process that runs, from here to its end. */
    void attend(Worker worker, RunningWorker process) {
        worker.runs(process);
        Attendant attendant = new Attendant(worker, process, properties, proofs, workers, inbox, nanoTime);
        var _ = worker.up().thenRun(pool::up);
        Thread.ofVirtual().name("attend " + worker.id()).start(attendant);
        workers.changed();
    }

    private void assign(Worker worker, Spec spec, EnvironmentState wanted) {
        try {
            // While its process starts, the bytes come
            Assignment assignment = fetched(worker, spec, wanted);
            RunningWorker process = worker.up().get(properties.startLimit().toMillis() * 2, TimeUnit.MILLISECONDS);
            // Before it is told: a fleet that dies between the two lines knows what the worker may run
            process.remember(assignment, null);
            if (!worker.leaving() && !process.control().assign(assignment)) {
                log.atWarn().addKeyValue("worker", worker.id()).log("Worker refused its assignment");
                process.kill();
            }
        } catch (FetchFailed e) {
            inbox.put(new Event.Failed(spec, e.failure()));
            release(worker);
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("worker", worker.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("Worker could not be assigned");
            worker.running().ifPresent(RunningWorker::kill);
        } catch (ExecutionException | TimeoutException e) {
            // It did not come up: its attendant tells of that
            log.atDebug().addKeyValue("worker", worker.id()).log("Worker did not come up for its assignment");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Assignment fetched(Worker worker, Spec spec, EnvironmentState wanted)
            throws FetchFailed, InterruptedException {
        long begun = nanoTime.getAsLong();
        String artifact = cache.fetch(spec.digest(), wanted.artifactPath()).toString();
        String samples = samples(wanted);
        long fetchMillis = Duration.ofNanos(nanoTime.getAsLong() - begun).toMillis();
        worker.claim().ifPresent(claim -> worker.claim(new Worker.Claim(spec, claim.sinceNanos(), fetchMillis)));
        return spec.assignment(artifact, samples);
    }

    private @Nullable String samples(EnvironmentState wanted) throws FetchFailed, InterruptedException {
        if (wanted.samplesDigest() == null || wanted.samplesPath() == null) {
            return null;
        }
        return cache.fetch(wanted.samplesDigest(), wanted.samplesPath()).toString();
    }

    /** The worker is as good as before: it waits for the next that needs one. */
    private void release(Worker worker) {
        worker.claim(null);
        workers.changed();
    }
}
