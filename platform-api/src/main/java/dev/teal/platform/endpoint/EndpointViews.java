package dev.teal.platform.endpoint;

import dev.teal.platform.cell.Member;
import dev.teal.platform.cell.Members;
import dev.teal.platform.endpoint.EndpointView.EnvironmentView;
import dev.teal.platform.endpoint.EndpointView.Failure;
import dev.teal.platform.endpoint.EndpointView.Next;
import dev.teal.platform.endpoint.EndpointView.RollbackTarget;
import dev.teal.platform.endpoint.EndpointView.RolloutLink;
import dev.teal.platform.endpoint.EndpointView.Weights;
import dev.teal.platform.endpoint.EndpointView.Workers;
import dev.teal.platform.rollout.EndpointRow;
import dev.teal.platform.rollout.EnvironmentRow;
import dev.teal.platform.rollout.RolloutRow;
import dev.teal.platform.rollout.RolloutViews;
import dev.teal.platform.rollout.Rollouts;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.EnvironmentFact;
import dev.teal.protocol.cell.MemberKind;
import dev.teal.protocol.cell.WorkerFact;
import dev.teal.protocol.worker.WorkerFailure;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Puts together what rows and reports say of an endpoint. */
@Component
class EndpointViews {
    private final Members members;
    private final Rollouts rollouts;
    private final RolloutViews rolloutViews;

    EndpointViews(Members members, Rollouts rollouts, RolloutViews rolloutViews) {
        this.members = members;
        this.rollouts = rollouts;
        this.rolloutViews = rolloutViews;
    }

    EndpointView of(EndpointRow endpoint) {
        List<Member> seen = members.of(endpoint.region());
        Optional<RolloutRow> latest = rollouts.latest(endpoint);
        Optional<RolloutRow> open = rollouts.open(endpoint);
        Map<String, EnvironmentView> environments = new LinkedHashMap<>();
        for (Color color : Color.values()) {
            environments.put(color.lowerCase(), environment(endpoint.environment(color), seen));
        }
        Optional<EnvironmentRow> active = endpoint.active();
        Optional<EnvironmentRow> standby = endpoint.standby();
        Long next = endpoint.nextGeneration();
        String self = "/api/v1/endpoints/" + endpoint.name();
        return new EndpointView(
                endpoint.name(),
                endpoint.model(),
                endpoint.region(),
                endpoint.desiredVersion(),
                active.map(live -> live.color().lowerCase()).orElse(null),
                active.map(EnvironmentRow::version).orElse(null),
                endpoint.generation(),
                new Weights(endpoint.route().bluePercent(), endpoint.route().greenPercent()),
                next == null ? null : next(next, open),
                ConfigurationText.of(endpoint.configuration()),
                environments,
                open.map(EndpointViews::link).orElse(null),
                latest.filter(row -> !row.open()).map(EndpointViews::link).orElse(null),
                standby.map(row -> new RollbackTarget(
                                row.color().lowerCase(),
                                String.valueOf(row.version()),
                                workers(row, seen).ready() > 0))
                        .orElse(null),
                standby.map(EnvironmentRow::standbyUntil).orElse(null),
                addresses(endpoint.name(), seen),
                waitingFor(endpoint.desiredVersion(), active, open, latest),
                endpoint.createdAt(),
                endpoint.createdBy(),
                Map.of("self", self, "rollouts", self + "/rollouts", "rollback", self + "/rollback"));
    }

    private @Nullable String waitingFor(
            String desired, Optional<EnvironmentRow> active, Optional<RolloutRow> open, Optional<RolloutRow> latest) {
        if (open.isPresent()) {
            return open.get().rollout().state().words() + ": " + rolloutViews.waitingFor(open.get());
        }
        if (active.isPresent()) {
            return desired.equals(active.get().version()) ? null : notReached(desired, latest);
        }
        return latest.map(row -> "a version that can be proven: the rollout of version "
                        + row.rollout().plan().version() + " ended "
                        + row.rollout().state().words() + ": "
                        + row.rollout().reason())
                .orElse("a first version");
    }

    /** Declared, tried and not live: the same declaration does not try again, so that a pipeline that repeats it does not loop. */
    private static String notReached(String desired, Optional<RolloutRow> latest) {
        String ended = latest.filter(row -> row.rollout().plan().version().equals(desired))
                .map(row -> "its rollout ended " + row.rollout().state().words() + ": "
                        + row.rollout().reason())
                .orElse("it is not live");
        return "a decision: version " + desired + " is declared, and " + ended
                + ". Declare another version, or try it again with POST …/rollouts";
    }

    private static @Nullable Next next(long generation, Optional<RolloutRow> open) {
        return open.map(row -> row.rollout().plan().color())
                .map(color -> new Next(generation, color == Color.BLUE ? 100 : 0, color == Color.GREEN ? 100 : 0))
                .orElse(null);
    }

    private static RolloutLink link(RolloutRow row) {
        return new RolloutLink(
                row.id().toString(),
                row.rollout().plan().kind().name(),
                row.rollout().state().name(),
                row.rollout().plan().version(),
                row.rollout().reason(),
                "/api/v1/rollouts/" + row.id());
    }

    private static EnvironmentView environment(EnvironmentRow row, List<Member> seen) {
        Optional<WorkerFact> newest = seen.stream()
                .filter(Member::fresh)
                .flatMap(member -> member.report().workers().stream())
                .filter(worker -> row.id().toString().equals(worker.environment()) && worker.memory() != null)
                .max(Comparator.comparing(WorkerFact::startedAt));
        @Nullable
        WorkerFailure failure = facts(row, seen).stream()
                .map(EnvironmentFact::failure)
                .filter(found -> found != null)
                .findFirst()
                .orElse(null);
        return new EnvironmentView(
                row.id().toString(),
                row.phase() == null ? "EMPTY" : row.phase().name(),
                row.version(),
                row.digest(),
                workers(row, seen),
                newest.map(WorkerFact::memory)
                        .map(memory -> memory.modelBytes())
                        .orElse(null),
                newest.map(WorkerFact::coldStart)
                        .map(start -> start.totalMillis())
                        .orElse(null),
                failure == null ? null : new Failure(failure.code().name(), failure.message()),
                row.standbyUntil(),
                row.since());
    }

    private static Workers workers(EnvironmentRow row, List<Member> seen) {
        List<EnvironmentFact> facts = facts(row, seen);
        return new Workers(
                facts.stream().mapToInt(EnvironmentFact::readyWorkers).sum(),
                facts.stream().mapToInt(EnvironmentFact::workers).sum());
    }

    private static List<EnvironmentFact> facts(EnvironmentRow row, List<Member> seen) {
        return seen.stream()
                .filter(Member::fresh)
                .flatMap(member -> member.report().environments().stream())
                .filter(fact -> fact.environment().equals(row.id().toString())
                        && fact.digest().equals(row.digest()))
                .toList();
    }

    private static List<String> addresses(String endpoint, List<Member> seen) {
        return seen.stream()
                .filter(member -> member.live() && member.report().kind() == MemberKind.GATEWAY)
                .map(member -> member.report().address().replaceAll("/+$", "") + "/v2/models/" + endpoint + "/infer")
                .sorted()
                .toList();
    }
}
