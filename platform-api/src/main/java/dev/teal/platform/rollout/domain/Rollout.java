package dev.teal.platform.rollout.domain;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The life of one change of version. Each state carries only what is true in it. {@link #on} is the whole behaviour: it asks nothing,
 * changes nothing, and answers what comes next.
 *
 * <pre>
 * PENDING → PROVISIONING → WARMING → TESTING → SHADOWING → (HELD) → SWITCHING → BAKING → SUCCEEDED
 *    before the commit: FAILED, ABORTED, EXPIRED          after it: ROLLING_BACK → ROLLED_BACK
 * </pre>
 */
public sealed interface Rollout {
    Plan plan();

    Instant since();

    /** Before the commit: the route in force has not been touched, so giving up costs nobody anything. */
    sealed interface BeforeCommit extends Rollout {}

    /** From the commit until the end. */
    sealed interface AfterCommit extends Rollout {
        /** Given out for the plan's version. */
        long generation();
    }

    /** Nothing moves any more. */
    sealed interface Ended extends Rollout {
        @Override
        String reason();
    }

    /** Waits for its environment to be free. */
    record Pending(Plan plan, Instant since) implements BeforeCommit {}

    record Provisioning(Plan plan, Instant since) implements BeforeCommit {}

    record Warming(Plan plan, Instant since) implements BeforeCommit {}

    record Testing(Plan plan, Instant since) implements BeforeCommit {}

    /** The place of mirrored traffic. No shadow is configured in this version, so the next look leaves it. */
    record Shadowing(Plan plan, Instant since) implements BeforeCommit {}

    record Held(Plan plan, Instant since, HoldReason holdReason) implements BeforeCommit {}

    /** SWITCHING, first half: gateways check the new color from their own seats. */
    record Preparing(Plan plan, Instant since, long generation) implements BeforeCommit {}

    /** SWITCHING, second half: the route is in force; not every live gateway has said so yet. */
    record Committed(Plan plan, Instant since, long generation, Traffic baseline) implements AfterCommit {}

    record Baking(Plan plan, Instant since, long generation, Traffic baseline, Instant until) implements AfterCommit {}

    /** ROLLING_BACK, first half: the former color must prove itself before traffic goes back to it. */
    record Retreating(
            Plan plan,
            Instant since,
            long generation,
            String reason,
            boolean automatic,
            @Nullable BakeVerdict verdict) implements AfterCommit {}

    /** ROLLING_BACK, second half: the former route is in force again under {@code backGeneration}. */
    record RollingBack(
            Plan plan,
            Instant since,
            long generation,
            long backGeneration,
            String reason,
            boolean automatic,
            @Nullable BakeVerdict verdict)
            implements AfterCommit {}

    record Succeeded(
            Plan plan,
            Instant since,
            long generation,
            String reason,
            @Nullable BakeVerdict verdict) implements Ended {}

    record Failed(Plan plan, Instant since, String reason) implements Ended {}

    record Aborted(Plan plan, Instant since, String reason) implements Ended {}

    /** Replaced by another rollout before its switch. Nothing supersedes in this version: a second rollout is refused. */
    record Superseded(Plan plan, Instant since, String reason) implements Ended {}

    record Expired(Plan plan, Instant since, String reason) implements Ended {}

    record RolledBack(
            Plan plan,
            Instant since,
            long generation,
            long backGeneration,
            String reason,
            boolean automatic,
            @Nullable BakeVerdict verdict)
            implements Ended {}

    enum HoldReason {
        /** A person decides. */
        APPROVAL
    }

    static Step begin(Plan plan, Sight sight, Instant now) {
        return new Pending(plan, now).on(new Signal.Look(), sight, now);
    }

    /** @throws IllegalTransition if a command can't be followed now */
    default Step on(Signal signal, Sight sight, Instant now) {
        return switch (this) {
            case BeforeCommit before -> BeforeCommitMoves.on(before, signal, sight, now);
            case AfterCommit after -> AfterCommitMoves.on(after, signal, sight, now);
            case Ended ended ->
                switch (signal) {
                    case Signal.Look _ -> new Step(ended, List.of(), Instant.MAX, "");
                    case Signal.Promote _, Signal.Abort _, Signal.RollBack _ ->
                        throw new IllegalTransition(ended, "the rollout has ended: " + state().words());
                };
        };
    }

    default RolloutState state() {
        return switch (this) {
            case Pending _ -> RolloutState.PENDING;
            case Provisioning _ -> RolloutState.PROVISIONING;
            case Warming _ -> RolloutState.WARMING;
            case Testing _ -> RolloutState.TESTING;
            case Shadowing _ -> RolloutState.SHADOWING;
            case Held _ -> RolloutState.HELD;
            case Preparing _, Committed _ -> RolloutState.SWITCHING;
            case Baking _ -> RolloutState.BAKING;
            case Retreating _, RollingBack _ -> RolloutState.ROLLING_BACK;
            case Succeeded _ -> RolloutState.SUCCEEDED;
            case Failed _ -> RolloutState.FAILED;
            case Aborted _ -> RolloutState.ABORTED;
            case Superseded _ -> RolloutState.SUPERSEDED;
            case Expired _ -> RolloutState.EXPIRED;
            case RolledBack _ -> RolloutState.ROLLED_BACK;
        };
    }

    /** When the state's time is up; empty where it may last. */
    default Optional<Instant> deadline() {
        return switch (this) {
            case Pending _ -> Optional.of(since().plus(TimeLimits.PENDING));
            case Provisioning _ -> Optional.of(since().plus(TimeLimits.PROVISIONING));
            case Warming _ -> Optional.of(since().plus(TimeLimits.WARMING));
            case Testing _ -> Optional.of(since().plus(TimeLimits.TESTING));
            case Shadowing _ -> Optional.of(since().plus(TimeLimits.SHADOWING));
            case Held _ -> Optional.of(since().plus(TimeLimits.HELD));
            case Preparing _ -> Optional.of(since().plus(TimeLimits.PREPARING));
            case Committed _ -> Optional.of(since().plus(TimeLimits.ACKNOWLEDGE));
            case Baking baking -> Optional.of(baking.until());
            case Retreating _, RollingBack _, Ended _ -> Optional.empty();
        };
    }

    /** Why it is where it is; empty while all goes as planned. */
    default String reason() {
        return switch (this) {
            case Retreating retreating -> retreating.reason();
            case RollingBack back -> back.reason();
            case Held held -> "held for " + held.holdReason().name().toLowerCase(Locale.ROOT);
            case Ended ended -> ended.reason();
            case BeforeCommit _, AfterCommit _ -> "";
        };
    }
}
