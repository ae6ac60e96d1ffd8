package dev.teal.platform.rollout.domain;

import dev.teal.platform.rollout.domain.Rollout.BeforeCommit;
import dev.teal.platform.rollout.domain.Sight.Occupancy;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a rollout moves while the route in force has not been touched. */
final class BeforeCommitMoves {
    private BeforeCommitMoves() {}

    static Step on(BeforeCommit rollout, Signal signal, Sight sight, Instant now) {
        return switch (signal) {
            case Signal.Look _ -> look(rollout, sight, now);
            case Signal.Promote _ -> promote(rollout, sight, now);
            case Signal.Abort(var reason) -> giveUp(rollout, new Rollout.Aborted(rollout.plan(), now, reason));
            case Signal.RollBack(var reason) -> {
                if (rollout instanceof Rollout.Preparing) {
                    // Nothing has been committed: taking the switch back is not making it.
                    yield giveUp(rollout, new Rollout.Aborted(rollout.plan(), now, reason));
                }
                throw new IllegalTransition(
                        rollout, "there is nothing to roll back before the switch; abort the rollout instead");
            }
        };
    }

    private static Step promote(BeforeCommit rollout, Sight sight, Instant now) {
        if (!(rollout instanceof Rollout.Held held)) {
            throw new IllegalTransition(
                    rollout,
                    "only a held rollout can be promoted, this one is "
                            + rollout.state().words());
        }
        if (!now.isBefore(rollout.since().plus(TimeLimits.HELD))) {
            throw new IllegalTransition(rollout, "the hold is over its 24 hours and never switches");
        }
        String lacks = unproven(sight);
        if (!lacks.isEmpty()) {
            throw new IllegalTransition(rollout, "the new version is not proven at this moment: " + lacks);
        }
        return prepare(held, sight, now);
    }

    private static Step look(BeforeCommit rollout, Sight sight, Instant now) {
        Optional<Instant> deadline = rollout.deadline();
        if (deadline.isPresent() && !now.isBefore(deadline.get())) {
            return giveUp(rollout, late(rollout, sight, now));
        }
        Optional<WorkerFailure> fault =
                holdsVersion(rollout) ? sight.workers().flatMap(Sight.Workers::versionFault) : Optional.empty();
        if (fault.isPresent()) {
            String reason = words(fault.get());
            return giveUp(rollout, new Rollout.Failed(rollout.plan(), now, reason));
        }
        return switch (rollout) {
            case Rollout.Pending pending -> start(pending, sight, now);
            case Rollout.Provisioning(var plan, var _) ->
                reached(sight, WorkerState.WARMING)
                        ? passOn(rollout, new Rollout.Warming(plan, now), sight, now)
                        : stay(rollout, sight, now, "a worker to fetch and load version " + plan.version());
            case Rollout.Warming(var plan, var _) ->
                reached(sight, WorkerState.TESTING)
                        ? passOn(rollout, new Rollout.Testing(plan, now), sight, now)
                        : stay(rollout, sight, now, "version " + plan.version() + " to warm up");
            case Rollout.Testing(var plan, var _) ->
                unproven(sight).isEmpty()
                        ? move(new Rollout.Shadowing(plan, now), List.of(new Effect.MarkReady(plan.color())), now)
                        : stay(rollout, sight, now, unproven(sight));
            case Rollout.Shadowing shadowing -> afterShadow(shadowing, sight, now);
            case Rollout.Held _ ->
                new Step(
                        rollout,
                        keepUp(rollout, sight),
                        now.plus(TimeLimits.LOOK_LATER),
                        "somebody to promote or abort");
            case Rollout.Preparing preparing -> commitOnceAllHavePrepared(preparing, sight, now);
        };
    }

    private static Step start(Rollout.Pending pending, Sight sight, Instant now) {
        Plan plan = pending.plan();
        if (plan.kind() == RolloutKind.ROLLBACK && sight.target() == Occupancy.STANDBY_OURS && sight.ready(1)) {
            return AfterCommitMoves.commit(pending, sight.lastGeneration() + 1, sight, now);
        }
        return switch (sight.target()) {
            case FREE, OURS, STANDBY_OURS ->
                move(
                        new Rollout.Provisioning(plan, now),
                        List.of(new Effect.Assign(plan.color(), plan.version(), need(plan, sight))),
                        now);
            case DRAINING ->
                stay(pending, sight, now, "the workers of " + plan.color().lowerCase() + " to stop");
            case STANDBY_OTHER ->
                plan.evictStandby()
                        ? new Step(
                                pending,
                                List.of(new Effect.Drain(plan.color())),
                                now.plus(TimeLimits.LOOK_SOON),
                                "the version that stood by in " + plan.color().lowerCase() + " to make room")
                        : stay(
                                pending,
                                sight,
                                now,
                                "the version that stands by in " + plan.color().lowerCase()
                                        + " to retire, since evictStandby is false");
        };
    }

    private static Step afterShadow(Rollout.Shadowing shadowing, Sight sight, Instant now) {
        Plan plan = shadowing.plan();
        if (plan.promotion() == Promotion.MANUAL) {
            return move(new Rollout.Held(plan, now, Rollout.HoldReason.APPROVAL), List.of(), now);
        }
        String lacks = unproven(sight);
        return lacks.isEmpty() ? prepare(shadowing, sight, now) : stay(shadowing, sight, now, lacks);
    }

    private static Step prepare(BeforeCommit rollout, Sight sight, Instant now) {
        Plan plan = rollout.plan();
        if (plan.kind() == RolloutKind.ROLLBACK) {
            // The gateways checked this color when it was switched to; a rollback waits for nobody.
            return AfterCommitMoves.commit(rollout, sight.lastGeneration() + 1, sight, now);
        }
        long generation = sight.lastGeneration() + 1;
        return move(
                new Rollout.Preparing(plan, now, generation),
                List.of(new Effect.SetNext(generation, plan.color())),
                now);
    }

    private static Step commitOnceAllHavePrepared(Rollout.Preparing preparing, Sight sight, Instant now) {
        if (!sight.allPrepared(preparing.generation())) {
            return stay(
                    preparing,
                    sight,
                    now,
                    sight.lacking(gateway -> gateway.prepared().contains(preparing.generation())));
        }
        String lacks = unproven(sight);
        return lacks.isEmpty()
                ? AfterCommitMoves.commit(preparing, preparing.generation(), sight, now)
                : stay(preparing, sight, now, lacks);
    }

    /** What is missing for a switch, in words; empty when the new version is proven now, with enough workers, and somebody can route. */
    private static String unproven(Sight sight) {
        if (sight.workers().isEmpty()) {
            return "a fleet to report on the new version's workers";
        }
        if (!sight.ready(sight.need())) {
            String tried = mayPass(sight);
            return "%d ready workers of the new version, %d are%s"
                    .formatted(sight.need(), sight.workers().get().ready(), tried);
        }
        return sight.gateways().isEmpty() ? "a live gateway" : "";
    }

    private static Rollout late(BeforeCommit rollout, Sight sight, Instant now) {
        Plan plan = rollout.plan();
        return switch (rollout) {
            case Rollout.Pending _ ->
                new Rollout.Expired(
                        plan,
                        now,
                        plan.color().lowerCase() + " was not free within " + TimeLimits.words(TimeLimits.PENDING));
            case Rollout.Held _ ->
                new Rollout.Expired(plan, now, "not promoted within " + TimeLimits.words(TimeLimits.HELD));
            case Rollout.Preparing(var _, var _, long generation) ->
                new Rollout.Failed(
                        plan,
                        now,
                        "the switch was not prepared within " + TimeLimits.words(TimeLimits.PREPARING)
                                + ", nothing changed: "
                                + (sight.allPrepared(generation)
                                        ? unproven(sight).isEmpty()
                                                ? "it was ready too late"
                                                : "missing: " + unproven(sight)
                                        : sight.lacking(
                                                gateway -> gateway.prepared().contains(generation))));
            case Rollout.Provisioning _ ->
                overdue(rollout, "no worker had loaded it", TimeLimits.PROVISIONING, sight, now);
            case Rollout.Warming _ -> overdue(rollout, "no worker had warmed up", TimeLimits.WARMING, sight, now);
            case Rollout.Testing _ -> overdue(rollout, "it was not proven", TimeLimits.TESTING, sight, now);
            case Rollout.Shadowing _ -> overdue(rollout, "it did not stay proven", TimeLimits.SHADOWING, sight, now);
        };
    }

    private static Rollout overdue(BeforeCommit rollout, String what, Duration limit, Sight sight, Instant now) {
        String seen = sight.workers().isEmpty() ? "; no fleet reports on it" : mayPass(sight);
        return new Rollout.Failed(
                rollout.plan(),
                now,
                "version " + rollout.plan().version() + ": " + what + " within " + TimeLimits.words(limit) + seen);
    }

    private static Step giveUp(BeforeCommit rollout, Rollout end) {
        List<Effect> effects = new ArrayList<>();
        if (rollout instanceof Rollout.Preparing) {
            effects.add(new Effect.ClearNext());
        }
        if (holdsVersion(rollout)) {
            effects.add(new Effect.Drain(rollout.plan().color()));
        }
        return new Step(end, effects, Instant.MAX, "");
    }

    private static boolean holdsVersion(BeforeCommit rollout) {
        return !(rollout instanceof Rollout.Pending);
    }

    private static boolean reached(Sight sight, WorkerState state) {
        return sight.workers().filter(seen -> seen.reached(state)).isPresent();
    }

    /** A rollback does not wait for the capacity of the color that it leaves: one proven worker is better than a bad version. */
    private static int need(Plan plan, Sight sight) {
        return plan.kind() == RolloutKind.ROLLBACK ? 1 : sight.need();
    }

    private static List<Effect> keepUp(BeforeCommit rollout, Sight sight) {
        boolean grows = holdsVersion(rollout) && sight.need() > sight.warmWorkers();
        return grows ? List.of(new Effect.Warm(rollout.plan().color(), sight.need())) : List.of();
    }

    private static Step stay(BeforeCommit rollout, Sight sight, Instant now, String waitingFor) {
        return new Step(
                rollout,
                keepUp(rollout, sight),
                now.plus(TimeLimits.LOOK_SOON),
                waitingFor + mayPassUnsaid(waitingFor, sight));
    }

    private static Step passOn(BeforeCommit rollout, BeforeCommit next, Sight sight, Instant now) {
        return new Step(next, keepUp(rollout, sight), now, "");
    }

    private static Step move(Rollout next, List<Effect> effects, Instant now) {
        return new Step(next, effects, now, "");
    }

    private static String words(WorkerFailure failure) {
        return failure.code().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + failure.message();
    }

    private static String mayPass(Sight sight) {
        @Nullable
        WorkerFailure failure = sight.workers().map(Sight.Workers::failure).orElse(null);
        return failure == null ? "" : " (last try: " + words(failure) + ")";
    }

    private static String mayPassUnsaid(String said, Sight sight) {
        String tried = mayPass(sight);
        return said.contains(tried) ? "" : tried;
    }
}
