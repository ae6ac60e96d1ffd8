package dev.teal.gateway.forward;

import dev.teal.gateway.activation.Lanes;
import dev.teal.gateway.route.Routes;
import dev.teal.gateway.timing.Timers;
import dev.teal.protocol.cell.Demand.EnvironmentDemand;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every now and then at what workers have done that had requests since the last look: so little is lost of one that goes, and of one that
 * goes for having been idle, nothing.
 */
public final class StatisticsLooks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StatisticsLooks.class);

    /** What is lost of a worker that dies at work is what it did since; and a look costs each that is used one small answer. */
    private static final Duration EVERY = Duration.ofSeconds(2);

    private static final long BUSY = -1;

    private final WorkerStatistics statistics;
    private final Lanes lanes;
    private final Routes routes;
    private final Timers timers;
    /** How many requests had come to each place when all of them had been seen. Used by one look at a time. */
    private Map<Place, Long> settled = Map.of();

    private volatile boolean closed;

    private record Place(String environment, String digest) {}

    public StatisticsLooks(WorkerStatistics statistics, Lanes lanes, Routes routes, Timers timers) {
        this.statistics = statistics;
        this.lanes = lanes;
        this.routes = routes;
        this.timers = timers;
    }

    public void start() {
        timers.after(EVERY, this::look);
    }

    private void look() {
        Set<Place> worked = workedSince();
        statistics
                .look(
                        routes.current().endpoints().values(),
                        environment -> worked.contains(new Place(environment.id(), environment.digest())))
                .doFinally(_ -> again())
                .subscribe(_ -> {}, e -> log.atWarn().setCause(e).log("Workers' statistics could not be looked at"));
    }

    private void again() {
        if (!closed) {
            timers.after(EVERY, this::look);
        }
    }

    private Set<Place> workedSince() {
        Set<Place> worked = new HashSet<>();
        Map<Place, Long> next = new HashMap<>();
        for (EnvironmentDemand demand : lanes.demand()) {
            Place place = new Place(demand.environment(), demand.digest());
            if (demand.requests() != settled.getOrDefault(place, 0L)) {
                worked.add(place);
            }
            next.put(place, demand.inFlight() > 0 || demand.queued() > 0 ? BUSY : demand.requests());
        }
        settled = next;
        return worked;
    }

    @Override
    public void close() {
        closed = true;
    }
}
