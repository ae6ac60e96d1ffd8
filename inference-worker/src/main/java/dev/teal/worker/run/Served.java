package dev.teal.worker.run;

import dev.teal.protocol.cell.Batching;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelStatistics;
import dev.teal.worker.onnx.OnnxSession;
import dev.teal.worker.run.domain.BatchCost;
import dev.teal.worker.run.domain.BatchTrust;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model version that is loaded, with the threads that run it and what they learn. */
public final class Served implements AutoCloseable {
    private final String digest;
    private final Model model;
    private final OnnxSession session;
    private final RuntimeSettings runtime;
    private final Settings settings;
    private final RunQueue queue;
    private final Meters meters;
    private final Counters counters = new Counters(InstantSource.system());
    private final BatchTrust trust;
    private final Examples examples = new Examples();
    private final BatchCost cost = new BatchCost();
    private final @Nullable ResponseCache cache;
    private final List<Thread> threads = new ArrayList<>();
    private volatile long nanosPerJob;

    private static final int ESTIMATED_OVER = 16;

    /**
     * @param concurrency run threads
     * @param maxRows of one run
     * @param maxDelayMicros how long a run waits for more rows
     * @param cacheBytes of answers kept; 0: none
     * @param queueRequests that wait
     * @param queueBytes of bodies that wait or run
     * @param bodyBytes of one request, after decompression
     */
    public record Settings(
            int concurrency,
            int maxRows,
            long maxDelayMicros,
            long cacheBytes,
            int queueRequests,
            long queueBytes,
            long bodyBytes) {
        /** Of the requests that wait: in the mean, each may be as large as a usual run. */
        long queueRows() {
            return (long) queueRequests * ModelConfig.USUAL_ROWS;
        }

        /** @param maxBodyBytes of the worker, where the endpoint has no limit of its own */
        public static Settings of(
                RuntimeSettings runtime, ModelConfig config, int queueRequests, long queueBytes, long maxBodyBytes) {
            Batching batching = runtime.batching() == null ? config.batching() : runtime.batching();
            return new Settings(
                    runtime.concurrency(),
                    config.rows(runtime.batching()),
                    batching == null ? 0 : batching.maxDelayMicros(),
                    runtime.responseCacheBytes() == null ? 0 : runtime.responseCacheBytes(),
                    queueRequests,
                    queueBytes,
                    runtime.bodyLimitBytes() == null ? maxBodyBytes : Math.min(maxBodyBytes, runtime.bodyLimitBytes()));
        }
    }

    /** Takes the session over. Runs nothing before it is {@link #start}ed. */
    public Served(
            String digest,
            Model model,
            OnnxSession session,
            RuntimeSettings runtime,
            Settings settings,
            Meters meters) {
        this.digest = digest;
        this.model = model;
        this.session = session;
        this.runtime = runtime;
        this.settings = settings;
        this.meters = meters;
        this.queue = new RunQueue(settings.queueRequests(), settings.queueRows(), settings.queueBytes());
        Integer declared = model.config().maxBatchSize();
        this.trust = declared != null && declared > 1 && model.rowsFirst()
                ? BatchTrust.declared()
                : BatchTrust.of(model.rowsFirst() && (declared == null || declared > 1));
        this.cache = settings.cacheBytes() > 0 ? ResponseCache.ofProcess(settings.cacheBytes()) : null;
    }

    /** Starts the run threads. */
    public Served start() {
        meters.watch(queue);
        if (cache != null) {
            meters.watch(cache);
        }
        for (int i = 1; i <= settings.concurrency(); i++) {
            threads.add(Thread.ofPlatform().daemon().name("run-" + i).start(new RunThread(this)));
        }
        return this;
    }

    public String digest() {
        return digest;
    }

    public Model model() {
        return model;
    }

    Counters counters() {
        return counters;
    }

    public Settings settings() {
        return settings;
    }

    public RuntimeSettings runtime() {
        return runtime;
    }

    /** What it has done so far, as the protocol tells it. */
    public ModelStatistics statistics() {
        return counters.statistics(model.name(), model.version());
    }

    /** How long a request that comes now waits for its turn, by what the last ones took. */
    long estimatedWaitNanos() {
        return queue.depth() * nanosPerJob / settings.concurrency();
    }

    /** A turn of a run thread took so long for so many. */
    void took(long nanos, int jobs) {
        // Threads may overwrite each other's word: it is an estimate
        nanosPerJob += (nanos / jobs - nanosPerJob) / ESTIMATED_OVER;
    }

    OnnxSession session() {
        return session;
    }

    RunQueue queue() {
        return queue;
    }

    Meters meters() {
        return meters;
    }

    BatchTrust trust() {
        return trust;
    }

    Examples examples() {
        return examples;
    }

    @Nullable
    ResponseCache cache() {
        return cache;
    }

    int limit(Object shape) {
        synchronized (cost) {
            return cost.limit(shape, settings.maxRows());
        }
    }

    void ran(int rows, long inputNanos, long inferNanos, long outputNanos) {
        meters.ran(rows);
        counters.ran(rows, inputNanos, inferNanos, outputNanos);
    }

    void learn(Object shape, int rows, long nanos) {
        synchronized (cost) {
            cost.learn(shape, rows, nanos);
        }
    }

    /** Takes no more; returns when what was taken is answered and the model is closed. */
    @Override
    public void close() {
        queue.close();
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        session.close();
        if (cache != null) {
            cache.close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
