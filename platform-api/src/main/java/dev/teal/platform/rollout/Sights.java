package dev.teal.platform.rollout;

import dev.teal.platform.cell.Member;
import dev.teal.platform.cell.Members;
import dev.teal.platform.rollout.domain.Plan;
import dev.teal.platform.rollout.domain.Sight;
import dev.teal.platform.rollout.domain.Sight.Count;
import dev.teal.platform.rollout.domain.Sight.Gateway;
import dev.teal.platform.rollout.domain.Sight.Occupancy;
import dev.teal.platform.rollout.domain.Sight.Workers;
import dev.teal.platform.rollout.domain.Traffic;
import dev.teal.protocol.cell.EnvironmentFact;
import dev.teal.protocol.cell.MemberKind;
import dev.teal.protocol.cell.RefusedEntry;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Turns what members reported into what the core looks at. Old, stale and foreign facts stay outside. */
@Component
public class Sights {
    private final Members members;

    Sights(Members members) {
        this.members = members;
    }

    public Sight of(EndpointRow endpoint, Plan plan) {
        List<Member> seen = members.of(endpoint.region());
        EnvironmentRow target = endpoint.environment(plan.color());
        return new Sight(
                occupancy(target, plan),
                target.warmWorkers(),
                workers(target, seen),
                workers(endpoint.environment(plan.color().other()), seen),
                gateways(endpoint, seen),
                endpoint.generation(),
                endpoint.lastGeneration(),
                counts(endpoint, seen));
    }

    private static Occupancy occupancy(EnvironmentRow target, Plan plan) {
        boolean ours = plan.version().equals(target.version());
        return switch (target.phase()) {
            case null -> Occupancy.FREE;
            case DRAINING -> Occupancy.DRAINING;
            case STANDBY -> ours ? Occupancy.STANDBY_OURS : Occupancy.STANDBY_OTHER;
            case LOADING, READY, ACTIVE -> Occupancy.OURS;
        };
    }

    /** Only fleets that know the environment's present assignment can tell of it; those that know it and run nothing say zero. */
    static Optional<Workers> workers(EnvironmentRow environment, List<Member> members) {
        List<Member> fleets = members.stream()
                .filter(member -> member.report().kind() == MemberKind.FLEET && member.fresh())
                .filter(member -> member.report().revision() >= environment.revision())
                .toList();
        if (fleets.isEmpty() || environment.phase() == null) {
            return Optional.empty();
        }
        int ready = 0;
        @Nullable WorkerState furthest = null;
        @Nullable WorkerFailure failure = null;
        for (Member fleet : fleets) {
            for (EnvironmentFact fact : fleet.report().environments()) {
                if (fact.environment().equals(environment.id().toString())
                        && fact.digest().equals(environment.digest())) {
                    ready += fact.readyWorkers();
                    furthest = further(furthest, fact.furthest());
                    failure = fact.failure() == null ? failure : fact.failure();
                }
            }
        }
        return Optional.of(new Workers(ready, furthest, failure));
    }

    /** Whether every fleet that speaks knows that the environment drains, and none has a worker left in it. */
    static boolean drained(EnvironmentRow environment, List<Member> members) {
        List<Member> fleets = members.stream()
                .filter(member -> member.report().kind() == MemberKind.FLEET && member.fresh())
                .toList();
        return !fleets.isEmpty()
                && fleets.stream()
                        .allMatch(fleet -> fleet.report().revision() >= environment.revision()
                                && fleet.report().environments().stream()
                                        .noneMatch(fact -> fact.environment()
                                                        .equals(environment.id().toString())
                                                && fact.workers() > 0));
    }

    private static List<Gateway> gateways(EndpointRow endpoint, List<Member> members) {
        List<Gateway> gateways = new ArrayList<>();
        for (Member member : members) {
            if (member.report().kind() == MemberKind.GATEWAY && member.live()) {
                List<RefusedEntry> refused = member.report().refused().stream()
                        .filter(entry -> entry.endpoint().equals(endpoint.name()))
                        .toList();
                boolean refusesRoute = refused.stream().anyMatch(entry -> entry.generation() == endpoint.generation());
                Set<Long> prepared = member.report().prepared().stream()
                        .filter(entry -> entry.endpoint().equals(endpoint.name()))
                        .map(entry -> entry.generation())
                        .collect(Collectors.toSet());
                gateways.add(new Gateway(
                        member.id(),
                        member.liveSince(),
                        prepared,
                        member.report().revision() >= endpoint.routeRevision() && !refusesRoute,
                        refused.isEmpty() ? null : refused.getLast().reason()));
            }
        }
        return gateways;
    }

    private static List<Count> counts(EndpointRow endpoint, List<Member> members) {
        return members.stream()
                .flatMap(member -> member.report().traffic().stream())
                .filter(count -> count.endpoint().equals(endpoint.name()))
                .map(count -> new Count(
                        count.generation(),
                        count.color(),
                        new Traffic(count.requests(), Math.min(count.requests(), count.failures()))))
                .toList();
    }

    private static @Nullable WorkerState further(@Nullable WorkerState one, @Nullable WorkerState other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) >= 0 ? one : other;
    }
}
