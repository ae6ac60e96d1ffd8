package dev.teal.platform.rollout.domain;

import dev.teal.protocol.Color;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One look at the endpoint and its cell. What was not reported freshly is absent, never guessed.
 *
 * @param target what the environment to fill holds
 * @param warmWorkers workers asked for in the environment to fill
 * @param workers of the environment to fill, from a report younger than 15 s; empty when no fleet tells
 * @param previousWorkers likewise of the other color
 * @param gateways the live ones: their lease has not ended
 * @param generation in force
 * @param lastGeneration highest ever given out
 */
public record Sight(
        Occupancy target,
        int warmWorkers,
        Optional<Workers> workers,
        Optional<Workers> previousWorkers,
        List<Gateway> gateways,
        long generation,
        long lastGeneration,
        List<Count> counts) {
    public Sight {
        gateways = List.copyOf(gateways);
        counts = List.copyOf(counts);
    }

    /** What the environment to fill holds, seen from the rollout's plan. */
    public enum Occupancy {
        FREE,
        /** The plan's version, put there by this rollout. */
        OURS,
        /** The plan's version, standing by since an earlier rollout: it is used as it is. */
        STANDBY_OURS,
        STANDBY_OTHER,
        DRAINING
    }

    /** Facts of one environment's workers, about the version that it holds. */
    public record Workers(
            int ready,
            @Nullable WorkerState furthest,
            @Nullable WorkerFailure failure) {
        boolean reached(WorkerState state) {
            return ready > 0
                    || (furthest != null
                            && furthest.compareTo(state) >= 0
                            && furthest.compareTo(WorkerState.READY) <= 0);
        }

        Optional<WorkerFailure> versionFault() {
            return Optional.ofNullable(failure).filter(found -> !found.code().mayPass());
        }
    }

    /**
     * @param liveSince since when its lease has not lapsed; what it missed before is not held against it
     * @param prepared generations in PREPARE that it has checked from its own seat
     * @param inForce whether it has the route in force, or a later one
     * @param refusal why it could not take the entry or prepare the next route
     */
    public record Gateway(
            String id,
            Instant liveSince,
            Set<Long> prepared,
            boolean inForce,
            @Nullable String refusal) {
        public Gateway {
            prepared = Set.copyOf(prepared);
        }
    }

    public record Count(long generation, Color color, Traffic traffic) {}

    /** Requests that {@code color} answered in {@code generation}. */
    public Traffic traffic(long generation, Color color) {
        return counts.stream()
                .filter(count -> count.generation() == generation && count.color() == color)
                .map(Count::traffic)
                .reduce(Traffic.NONE, Traffic::plus);
    }

    /** Workers that a color must have ready to take over what the other serves now. */
    int need() {
        return Math.max(1, previousWorkers.map(Workers::ready).orElse(0));
    }

    boolean ready(int need) {
        return workers.filter(seen -> seen.ready() >= need).isPresent();
    }

    boolean allHaveRoute() {
        return !gateways.isEmpty() && gateways.stream().allMatch(Gateway::inForce);
    }

    boolean allPrepared(long generation) {
        return !gateways.isEmpty()
                && gateways.stream().allMatch(gateway -> gateway.prepared().contains(generation));
    }

    /** Names the gateways that lack something, with what they say. */
    String lacking(Predicate<Gateway> has) {
        if (gateways.isEmpty()) {
            return "no gateway is live";
        }
        return String.join(
                "; ",
                gateways.stream()
                        .filter(gateway -> !has.test(gateway))
                        .map(gateway -> gateway.refusal() == null
                                ? "gateway " + gateway.id() + " has not answered"
                                : "gateway " + gateway.id() + ": " + gateway.refusal())
                        .toList());
    }
}
