package dev.teal.fleet.run;

import dev.teal.fleet.cache.ArtifactCache;
import dev.teal.fleet.run.domain.Spec;
import dev.teal.fleet.worker.RunningWorker;
import dev.teal.protocol.worker.ColdStart;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What follows when a worker has been proven, or can't be: measurements are kept, the reconciler is told. */
final class Proofs {

    private static final Logger log = LoggerFactory.getLogger(Proofs.class);

    private final ArtifactCache cache;
    private final MemoryBook memory;
    private final Inbox inbox;
    private final Pool pool;
    private final MeterRegistry meters;
    private final LongSupplier nanoTime;
    /** Environments whose bytes were fetched a second time because the first were corrupt on disk. */
    private final Map<String, Spec> refetched = new ConcurrentHashMap<>();

    Proofs(
            ArtifactCache cache,
            MemoryBook memory,
            Inbox inbox,
            Pool pool,
            MeterRegistry meters,
            LongSupplier nanoTime) {
        this.cache = cache;
        this.memory = memory;
        this.inbox = inbox;
        this.pool = pool;
        this.meters = meters;
        this.nanoTime = nanoTime;
    }

    void ready(Worker worker, RunningWorker process, WorkerStatus told) {
        Worker.Claim claim = worker.claim().orElse(null);
        if (claim == null) {
            return;
        }
        if (told.memory() != null) {
            memory.measured(claim.spec().digest(), told.memory());
        }
        // One that was adopted ready has its figures from the fleet that started it
        if (worker.coldStart().isEmpty()) {
            ColdStart measured = coldStart(worker, claim, told);
            worker.coldStart(measured);
            remember(worker, process, measured);
            count(measured);
            log.atInfo()
                    .addKeyValue("worker", worker.id())
                    .addKeyValue("environment", claim.spec().environment())
                    .addKeyValue("totalMillis", measured.totalMillis())
                    .log("Worker ready");
        }
        refetched.remove(claim.spec().environment());
        inbox.put(new Event.Proven(claim.spec()));
    }

    private ColdStart coldStart(Worker worker, Worker.Claim claim, WorkerStatus told) {
        long process = Math.max(0, worker.upNanos() - claim.sinceNanos());
        ColdStart own = told.coldStart();
        return new ColdStart(
                Duration.ofNanos(process).toMillis(),
                claim.fetchMillis(),
                own == null ? 0 : own.verifyMillis(),
                own == null ? 0 : own.loadMillis(),
                own == null ? 0 : own.warmUpMillis(),
                own == null ? 0 : own.testMillis(),
                Duration.ofNanos(nanoTime.getAsLong() - claim.sinceNanos()).toMillis());
    }

    private void count(ColdStart measured) {
        count("process", measured.processMillis());
        count("fetch", measured.fetchMillis());
        count("verify", measured.verifyMillis());
        count("load", measured.loadMillis());
        count("warm-up", measured.warmUpMillis());
        count("test", measured.testMillis());
        count("total", measured.totalMillis());
    }

    private void count(String phase, long millis) {
        meters.timer("fleet.cold.start", "phase", phase).record(Duration.ofMillis(millis));
    }

    private static void remember(Worker worker, RunningWorker process, ColdStart measured) {
        try {
            process.remember(process.assignment().orElse(null), measured);
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("worker", worker.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("Worker's record not written");
        }
    }

    void failed(Worker worker, WorkerStatus told) {
        Worker.Claim claim = worker.claim().orElse(null);
        if (claim == null) {
            return;
        }
        WorkerFailure failure = told.failure() != null
                ? told.failure()
                : new WorkerFailure(WorkerFailure.Code.LOAD_FAILED, "the worker failed and did not say why");
        log.atWarn()
                .addKeyValue("worker", worker.id())
                .addKeyValue("environment", claim.spec().environment())
                .addKeyValue("code", failure.code())
                .addKeyValue("reason", failure.message())
                .log("Worker could not be proven");
        if (failure.code() == WorkerFailure.Code.DIGEST_MISMATCH && discard(claim.spec())) {
            inbox.nudge();
            return;
        }
        inbox.put(new Event.Failed(claim.spec(), failure));
    }

    /** Our copy is corrupt, which says nothing of the version yet: a fresh copy gets one chance. */
    private boolean discard(Spec spec) {
        cache.discard(spec.digest());
        if (spec.samplesDigest() != null) {
            cache.discard(spec.samplesDigest());
        }
        return !spec.equals(refetched.put(spec.environment(), spec));
    }

    void ended(String reason) {
        meters.counter("fleet.worker.exits", "reason", reason).increment();
    }

    void poolWorkerDied() {
        pool.died();
    }
}
