package dev.teal.worker.run;

import dev.teal.protocol.worker.Assignment;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The worker's meters; {@code docs/metrics.md} says what they mean. They begin with the assignment, whose names are their tags. */
public final class Meters {
    private static final Duration[] BOUNDS = {
        Duration.ofNanos(100_000),
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Tags tags;
    private final Timer queue;
    private final Timer compute;
    private final DistributionSummary rows;
    private final Map<String, Counter> answers = new ConcurrentHashMap<>();

    public Meters(Assignment assignment) {
        this.tags = Tags.of(
                "endpoint",
                assignment.endpoint(),
                "color",
                assignment.color().name().toLowerCase(Locale.ROOT));
        this.queue = timer("worker.request.queue");
        this.compute = timer("worker.request.compute");
        this.rows = DistributionSummary.builder("worker.run.rows")
                .tags(tags)
                .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128)
                .register(registry);
    }

    private Timer timer(String name) {
        return Timer.builder(name).tags(tags).serviceLevelObjectives(BOUNDS).register(registry);
    }

    void queued(long nanos) {
        queue.record(nanos, TimeUnit.NANOSECONDS);
    }

    void computed(long nanos) {
        compute.record(nanos, TimeUnit.NANOSECONDS);
    }

    void answered(String outcome) {
        answers.computeIfAbsent(outcome, name -> registry.counter("worker.requests", tags.and("outcome", name)))
                .increment();
    }

    /** How long a phase of the start took: {@code verify}, {@code load}, {@code warm_up} or {@code test}. */
    public void started(String phase, long millis) {
        registry.timer("worker.model." + phase.replace('_', '.'), tags).record(millis, TimeUnit.MILLISECONDS);
    }

    /** A run of the model was made with so many rows. */
    void ran(int rowCount) {
        rows.record(rowCount);
    }

    void watch(ResponseCache cache) {
        watch(Gauge.builder("worker.response.cache", cache, ResponseCache::heldBytes)
                .baseUnit("bytes"));
    }

    void watch(RunQueue runQueue) {
        watch(Gauge.builder("worker.queue.depth", runQueue, RunQueue::depth));
    }

    /** A model that is opened anew takes the place of the one before: a registry keeps the first of a name. */
    private <T> void watch(Gauge.Builder<T> gauge) {
        Gauge first = gauge.tags(tags).register(registry);
        registry.remove(first);
        gauge.register(registry);
    }

    public String scrape() {
        return registry.scrape();
    }
}
