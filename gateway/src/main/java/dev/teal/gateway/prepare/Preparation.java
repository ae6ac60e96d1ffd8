package dev.teal.gateway.prepare;

import dev.teal.gateway.activation.Lane;
import dev.teal.gateway.activation.LaneKey;
import dev.teal.gateway.activation.Lanes;
import dev.teal.gateway.workers.Worker;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.CellState;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.EnvironmentState;
import dev.teal.protocol.cell.NextRoute;
import dev.teal.protocol.cell.Prepared;
import dev.teal.protocol.cell.RefusedEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Routes in PREPARE, checked on a thread of their own: for each color that the next route sends traffic to, one ready worker is asked
 * over the very connections that traffic will take. What can't be reached is refused with its reason and tried again while the route stands.
 */
public final class Preparation implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Preparation.class);
    private static final long AGAIN_MILLIS = 200;
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(2);

    private final Lanes lanes;
    private final Runnable reportNow;
    private final Map<String, Prepared> prepared = new ConcurrentHashMap<>();
    private final Map<String, RefusedEntry> refused = new ConcurrentHashMap<>();
    private final Semaphore nudge = new Semaphore(0);
    private final Thread thread;
    private volatile List<EndpointState> standing = List.of();

    /** @param reportNow called when a route has become prepared, or refused for a new reason: the control plane waits for that */
    public Preparation(Lanes lanes, Runnable reportNow) {
        this.lanes = lanes;
        this.reportNow = reportNow;
        this.thread = Thread.ofPlatform().daemon().name("prepare").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** A state came in force: what it has in PREPARE stands, anything else is dropped. */
    public void adopt(CellState state) {
        standing = state.endpoints().stream()
                .filter(endpoint -> endpoint.next() != null)
                .toList();
        drop();
        nudge.release();
    }

    private void drop() {
        List<EndpointState> now = standing;
        prepared.values().removeIf(entry -> !stands(now, entry.endpoint(), entry.generation()));
        refused.values().removeIf(entry -> !stands(now, entry.endpoint(), entry.generation()));
    }

    private static boolean stands(List<EndpointState> standing, String endpoint, long generation) {
        for (EndpointState state : standing) {
            NextRoute next = state.next();
            if (next != null && state.name().equals(endpoint) && next.generation() == generation) {
                return true;
            }
        }
        return false;
    }

    public List<Prepared> prepared() {
        return List.copyOf(prepared.values());
    }

    public List<RefusedEntry> refused() {
        return List.copyOf(refused.values());
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (!checkAll()) {
                    nudge.tryAcquire(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                } else {
                    nudge.acquire();
                }
                nudge.drainPermits();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.atError().setCause(e).log("Preparation failed, trying again");
            }
        }
    }

    /** @return whether all that stands is prepared */
    private boolean checkAll() {
        List<EndpointState> due = standing.stream().filter(this::due).toList();
        if (due.isEmpty()) {
            return true;
        }
        List<Boolean> results =
                Flux.fromIterable(due).flatMap(this::check).collectList().block();
        drop();
        return results != null && !results.contains(false);
    }

    private boolean due(EndpointState endpoint) {
        Prepared done = prepared.get(endpoint.name());
        NextRoute next = endpoint.next();
        return next != null && (done == null || done.generation() != next.generation());
    }

    private Mono<Boolean> check(EndpointState endpoint) {
        NextRoute next = endpoint.next();
        if (next == null) {
            return Mono.just(true);
        }
        List<Mono<String>> checks = new ArrayList<>();
        for (Color color : Color.values()) {
            if (next.route().percent(color) > 0) {
                checks.add(endpoint.environment(color)
                        .map(environment -> check(endpoint, environment))
                        .orElseGet(() -> Mono.just(color.lowerCase() + " is empty")));
            }
        }
        return Flux.concat(checks)
                .filter(problem -> !problem.isEmpty())
                .collectList()
                .map(problems -> note(endpoint.name(), next.generation(), String.join("; ", problems)));
    }

    private Mono<String> check(EndpointState endpoint, EnvironmentState environment) {
        Lane lane = lanes.lane(new LaneKey(endpoint.name(), environment.id(), environment.digest()));
        Optional<Worker> worker = lane.any(endpoint.limits().requestDeadlineMillis());
        String color = environment.color().lowerCase();
        return worker.map(there -> there.check(environment.digest())
                        .timeout(CHECK_TIMEOUT, Mono.just("no answer within " + CHECK_TIMEOUT.toMillis() + " ms"))
                        .map(problem -> problem.isEmpty() ? "" : color + ": " + problem))
                .orElseGet(() -> Mono.just(color + ": no ready worker is known here yet"));
    }

    private boolean note(String endpoint, long generation, String problem) {
        if (problem.isEmpty()) {
            refused.remove(endpoint);
            prepared.put(endpoint, new Prepared(endpoint, generation));
            log.atInfo()
                    .addKeyValue("endpoint", endpoint)
                    .addKeyValue("generation", generation)
                    .log("Next route prepared");
            reportNow.run();
            return true;
        }
        RefusedEntry entry = new RefusedEntry(endpoint, generation, problem);
        if (!entry.equals(refused.put(endpoint, entry))) {
            log.atInfo()
                    .addKeyValue("endpoint", endpoint)
                    .addKeyValue("reason", problem)
                    .log("Next route not prepared yet");
            reportNow.run();
        }
        return false;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
