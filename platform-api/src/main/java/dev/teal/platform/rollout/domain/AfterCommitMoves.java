package dev.teal.platform.rollout.domain;

import dev.teal.platform.rollout.domain.Rollout.AfterCommit;
import dev.teal.protocol.Color;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a rollout moves from its commit on: traffic is on the new color, and the old one is kept until all know. */
final class AfterCommitMoves {
    private AfterCommitMoves() {}

    /** The one place where live traffic moves to a new version. */
    static Step commit(Rollout from, long generation, Sight sight, Instant now) {
        Plan plan = from.plan();
        Traffic baseline = sight.traffic(sight.generation(), plan.color().other());
        List<Effect> effects = new ArrayList<>();
        effects.add(new Effect.Commit(generation, plan.color(), plan.bake().plus(plan.standby())));
        effects.add(new Effect.Warm(plan.color(), sight.need()));
        if (plan.kind() != RolloutKind.INITIAL) {
            // Neither goes to zero before the verdict: the new one is judged, the old one is the way back.
            effects.add(new Effect.Warm(plan.color().other(), sight.need()));
        }
        return new Step(new Rollout.Committed(plan, now, generation, baseline), effects, now, "");
    }

    static Step on(AfterCommit rollout, Signal signal, Sight sight, Instant now) {
        return switch (signal) {
            case Signal.Look _ -> look(rollout, sight, now);
            case Signal.Promote _ -> throw new IllegalTransition(rollout, "the rollout has switched already");
            case Signal.Abort _ ->
                throw new IllegalTransition(rollout, "live traffic has moved already; roll back instead of aborting");
            case Signal.RollBack(var reason) -> rollBack(rollout, reason, sight, now);
        };
    }

    private static Step rollBack(AfterCommit rollout, String reason, Sight sight, Instant now) {
        if (rollout instanceof Rollout.Retreating || rollout instanceof Rollout.RollingBack) {
            throw new IllegalTransition(rollout, "the rollout is being rolled back already");
        }
        return switch (rollout.plan().kind()) {
            case RELEASE -> retreat(rollout, reason, false, null, sight, now);
            case INITIAL -> throw new IllegalTransition(rollout, "a first version has nothing to roll back to");
            case ROLLBACK -> throw new IllegalTransition(rollout, "this rollout is the rollback");
        };
    }

    private static Step look(AfterCommit rollout, Sight sight, Instant now) {
        return switch (rollout) {
            case Rollout.Committed committed -> acknowledged(committed, sight, now);
            case Rollout.Baking baking -> bake(baking, sight, now);
            case Rollout.Retreating(var _, var _, var _, var reason, var automatic, var verdict) ->
                retreat(rollout, reason, automatic, verdict, sight, now);
            case Rollout.RollingBack back ->
                sight.allHaveRoute()
                        ? new Step(
                                new Rollout.RolledBack(
                                        back.plan(),
                                        now,
                                        back.generation(),
                                        back.backGeneration(),
                                        back.reason(),
                                        back.automatic(),
                                        back.verdict()),
                                List.of(
                                        new Effect.Drain(back.plan().color()),
                                        new Effect.Warm(back.plan().color().other(), 0)),
                                Instant.MAX,
                                "")
                        : stay(rollout, now, acknowledgements(sight));
        };
    }

    private static Step acknowledged(Rollout.Committed committed, Sight sight, Instant now) {
        Plan plan = committed.plan();
        if (sight.allHaveRoute()) {
            return plan.kind() == RolloutKind.RELEASE
                    ? new Step(
                            new Rollout.Baking(
                                    plan, now, committed.generation(), committed.baseline(), now.plus(plan.bake())),
                            List.of(),
                            now,
                            "")
                    : succeed(committed, "every live gateway has the route", null, now);
        }
        boolean late =
                sight.gateways().stream().anyMatch(gateway -> !gateway.inForce() && late(gateway, committed, now));
        if (late && plan.kind() == RolloutKind.RELEASE) {
            return retreat(
                    committed,
                    "not every live gateway took the new route within " + TimeLimits.words(TimeLimits.ACKNOWLEDGE)
                            + ": " + sight.lacking(Sight.Gateway::inForce),
                    true,
                    null,
                    sight,
                    now);
        }
        boolean some = sight.gateways().stream().anyMatch(Sight.Gateway::inForce);
        if (late && some && plan.kind() == RolloutKind.INITIAL) {
            // There is no former route that the late ones could mix up with this one.
            return succeed(committed, "live, but " + sight.lacking(Sight.Gateway::inForce), null, now);
        }
        return stay(committed, now, acknowledgements(sight));
    }

    /** What a gateway missed while it, or this program, was away is not held against it. */
    private static boolean late(Sight.Gateway gateway, Rollout.Committed committed, Instant now) {
        Instant from = gateway.liveSince().isAfter(committed.since()) ? gateway.liveSince() : committed.since();
        return !now.isBefore(from.plus(TimeLimits.ACKNOWLEDGE));
    }

    private static Step bake(Rollout.Baking baking, Sight sight, Instant now) {
        Plan plan = baking.plan();
        BakeVerdict verdict = BakeVerdict.of(sight.traffic(baking.generation(), plan.color()), baking.baseline());
        if (verdict.outcome() == BakeVerdict.Outcome.BAD) {
            return retreat(
                    baking,
                    "version " + plan.version() + " fails too often: " + verdict.because(),
                    true,
                    verdict,
                    sight,
                    now);
        }
        int wanted = Math.max(1, sight.warmWorkers());
        if (sight.workers().isPresent() && 2 * sight.workers().get().ready() < wanted) {
            String reason = "version " + plan.version() + " lost its readiness: "
                    + sight.workers().get().ready() + " of " + wanted + " workers are ready";
            return retreat(baking, reason, true, verdict, sight, now);
        }
        if (now.isBefore(baking.until())) {
            return stay(baking, now, "the bake to end");
        }
        if (sight.workers().isEmpty()) {
            return stay(baking, now, "a fleet to report on the new version: the bake does not pass unseen");
        }
        if (!sight.allHaveRoute()) {
            return stay(baking, now, "the gateways' counts: " + sight.lacking(Sight.Gateway::inForce));
        }
        return succeed(baking, "baked: " + verdict.because(), verdict, now);
    }

    private static Step retreat(
            AfterCommit rollout,
            String reason,
            boolean automatic,
            @Nullable BakeVerdict verdict,
            Sight sight,
            Instant now) {
        Plan plan = rollout.plan();
        Color back = plan.color().other();
        boolean proven =
                sight.previousWorkers().filter(seen -> seen.ready() >= 1).isPresent();
        if (proven) {
            long generation = sight.lastGeneration() + 1;
            List<Effect> effects = new ArrayList<>();
            effects.add(new Effect.Commit(generation, back, Duration.ZERO));
            if (plan.previousVersion() != null) {
                effects.add(new Effect.Desire(plan.previousVersion()));
            }
            return new Step(
                    new Rollout.RollingBack(plan, now, rollout.generation(), generation, reason, automatic, verdict),
                    effects,
                    now,
                    "");
        }
        if (rollout instanceof Rollout.Retreating) {
            return stay(rollout, now, back.lowerCase() + " to be ready again, before traffic goes back to it");
        }
        return new Step(
                new Rollout.Retreating(plan, now, rollout.generation(), reason, automatic, verdict),
                List.of(new Effect.Warm(back, 1)),
                now.plus(TimeLimits.LOOK_SOON),
                back.lowerCase() + " to be ready again, before traffic goes back to it");
    }

    private static Step succeed(AfterCommit rollout, String reason, @Nullable BakeVerdict verdict, Instant now) {
        Plan plan = rollout.plan();
        List<Effect> effects = new ArrayList<>();
        effects.add(new Effect.Warm(plan.color(), 0));
        if (plan.kind() != RolloutKind.INITIAL) {
            effects.add(
                    plan.standby().isZero()
                            ? new Effect.Drain(plan.color().other())
                            : new Effect.KeepStandby(plan.color().other(), plan.standby()));
        }
        if (plan.kind() == RolloutKind.ROLLBACK) {
            effects.add(new Effect.Desire(plan.version()));
        }
        return new Step(
                new Rollout.Succeeded(plan, now, rollout.generation(), reason, verdict), effects, Instant.MAX, "");
    }

    private static Step stay(AfterCommit rollout, Instant now, String waitingFor) {
        return new Step(rollout, List.of(), now.plus(TimeLimits.LOOK_SOON), waitingFor);
    }

    private static String acknowledgements(Sight sight) {
        return "every live gateway to take the route: " + sight.lacking(Sight.Gateway::inForce);
    }
}
