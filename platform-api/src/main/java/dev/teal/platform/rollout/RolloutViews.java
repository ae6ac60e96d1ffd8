package dev.teal.platform.rollout;

import dev.teal.platform.rollout.RolloutView.Acknowledgement;
import dev.teal.platform.rollout.RolloutView.Verdict;
import dev.teal.platform.rollout.domain.BakeVerdict;
import dev.teal.platform.rollout.domain.Plan;
import dev.teal.platform.rollout.domain.Rollout;
import dev.teal.platform.rollout.domain.Sight;
import dev.teal.platform.rollout.domain.Signal;
import dev.teal.platform.routing.domain.DurationText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Shows a rollout with what it waits for right now: the core itself is asked, and what it answers is not written. */
@Component
public class RolloutViews {
    private final EndpointRows endpoints;
    private final Rollouts rollouts;
    private final Sights sights;

    RolloutViews(EndpointRows endpoints, Rollouts rollouts, Sights sights) {
        this.endpoints = endpoints;
        this.rollouts = rollouts;
        this.sights = sights;
    }

    public RolloutView of(RolloutRow row) {
        Rollout rollout = row.rollout();
        Plan plan = rollout.plan();
        Optional<Sight> sight =
                row.open() ? endpoints.find(row.endpointId()).map(seen -> sights.of(seen, plan)) : Optional.empty();
        Long generation = generation(rollout);
        BakeVerdict verdict = verdict(rollout, sight);
        return new RolloutView(
                row.id().toString(),
                row.endpoint(),
                plan.kind().name(),
                rollout.state().name(),
                !row.open(),
                rollout.since(),
                rollout.deadline().orElse(null),
                plan.version(),
                plan.previousVersion(),
                plan.color().lowerCase(),
                generation,
                plan.promotion().lowerCase(),
                DurationText.format(plan.bake()),
                DurationText.format(plan.standby()),
                rollout.reason(),
                sight.map(seen -> waitingFor(rollout, seen)).orElse(null),
                verdict == null ? null : Verdict.of(verdict),
                sight.map(seen -> acknowledgements(seen, generation)).orElse(List.of()),
                rollouts.timeline(row.id()),
                row.createdAt(),
                row.createdBy(),
                row.endedAt(),
                links(row));
    }

    public String waitingFor(RolloutRow row) {
        Optional<EndpointRow> endpoint = endpoints.find(row.endpointId());
        return endpoint.map(seen ->
                        waitingFor(row.rollout(), sights.of(seen, row.rollout().plan())))
                .orElse("");
    }

    private String waitingFor(Rollout rollout, Sight sight) {
        String said = rollout.on(new Signal.Look(), sight, endpoints.now()).waitingFor();
        return said.isEmpty() ? "the next step" : said;
    }

    private static List<Acknowledgement> acknowledgements(Sight sight, @Nullable Long generation) {
        return sight.gateways().stream()
                .map(gateway -> new Acknowledgement(
                        gateway.id(),
                        generation != null && gateway.prepared().contains(generation),
                        gateway.inForce(),
                        gateway.refusal()))
                .toList();
    }

    private static @Nullable BakeVerdict verdict(Rollout rollout, Optional<Sight> sight) {
        return switch (rollout) {
            case Rollout.Baking baking ->
                sight.map(seen -> BakeVerdict.of(
                                seen.traffic(baking.generation(), baking.plan().color()), baking.baseline()))
                        .orElse(null);
            case Rollout.Retreating retreating -> retreating.verdict();
            case Rollout.RollingBack back -> back.verdict();
            case Rollout.RolledBack back -> back.verdict();
            case Rollout.Succeeded succeeded -> succeeded.verdict();
            case Rollout.BeforeCommit _, Rollout.AfterCommit _, Rollout.Ended _ -> null;
        };
    }

    private static @Nullable Long generation(Rollout rollout) {
        return switch (rollout) {
            case Rollout.Preparing preparing -> preparing.generation();
            case Rollout.AfterCommit after -> after.generation();
            case Rollout.Succeeded succeeded -> succeeded.generation();
            case Rollout.RolledBack back -> back.generation();
            case Rollout.BeforeCommit _, Rollout.Ended _ -> null;
        };
    }

    private static Map<String, String> links(RolloutRow row) {
        Map<String, String> links = new LinkedHashMap<>();
        String self = "/api/v1/rollouts/" + row.id();
        links.put("self", self);
        links.put("endpoint", "/api/v1/endpoints/" + row.endpoint());
        switch (row.rollout()) {
            case Rollout.BeforeCommit before -> {
                if (before instanceof Rollout.Held) {
                    links.put("promote", self + "/promote");
                }
                links.put("abort", self + "/abort");
            }
            case Rollout.AfterCommit _ -> links.put("rollback", "/api/v1/endpoints/" + row.endpoint() + "/rollback");
            case Rollout.Ended _ -> {}
        }
        return links;
    }
}
