package dev.teal.platform.rollout.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.teal.platform.rollout.domain.Sight.Gateway;
import dev.teal.platform.rollout.domain.Sight.Occupancy;
import dev.teal.platform.rollout.domain.Sight.Workers;
import dev.teal.protocol.Color;
import dev.teal.protocol.worker.WorkerState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;
import org.junit.jupiter.api.Test;

class RolloutGuardsTest {
    private static final Signal LOOK = new Signal.Look();

    @Test
    void givenBlueServesWithThreeWorkersGreenNeedsThree() {
        Rollout testing = new Rollout.Testing(Views.RELEASE, Views.START);
        Sight sight = Views.withPrevious(Views.good(), Optional.of(new Workers(3, WorkerState.READY, null)));

        Step step = testing.on(LOOK, sight, Views.START);

        assertThat(step.next()).isEqualTo(testing);
        assertThat(step.effects()).containsExactly(new Effect.Warm(Color.GREEN, 3));
        assertThat(step.waitingFor()).contains("3 ready workers of the new version, 1 are");
    }

    @Test
    void givenAnotherVersionStandsByItIsRetiredToMakeRoomUnlessTold() {
        Sight sight = Views.with(Views.good(), Occupancy.STANDBY_OTHER);
        Plan keeping = new Plan(
                RolloutKind.RELEASE, Color.GREEN, "m", "2", "1", Promotion.AUTO, Duration.ZERO, Duration.ZERO, false);

        Step evicting = new Rollout.Pending(Views.RELEASE, Views.START).on(LOOK, sight, Views.START);
        Step waiting = new Rollout.Pending(keeping, Views.START).on(LOOK, sight, Views.START);

        assertThat(evicting.effects()).containsExactly(new Effect.Drain(Color.GREEN));
        assertThat(waiting.effects()).isEmpty();
        assertThat(waiting.waitingFor()).contains("evictStandby is false");
    }

    @Test
    void givenTheStandbyIsProvenARollbackCommitsAtOnce() {
        Sight sight = Views.with(Views.good(), Occupancy.STANDBY_OURS);

        Step step = Rollout.begin(Views.BACK, sight, Views.START);

        assertThat(step.next()).isInstanceOf(Rollout.Committed.class);
        assertThat(step.effects()).contains(new Effect.Commit(Views.OLD + 1, Color.BLUE, Duration.ZERO));
    }

    @Test
    void givenTheStandbySleepsARollbackWakesItFirstAndThenCommitsWithoutAGate() {
        Sight asleep =
                Views.with(Views.with(Views.good(), Occupancy.STANDBY_OURS), Optional.of(new Workers(0, null, null)));

        Step step = Rollout.begin(Views.BACK, asleep, Views.START);
        Step shadow = new Rollout.Shadowing(Views.BACK, Views.START).on(LOOK, Views.good(), Views.START);

        assertThat(step.next()).isInstanceOf(Rollout.Provisioning.class);
        assertThat(step.effects()).containsExactly(new Effect.Assign(Color.BLUE, "1", 1));
        assertThat(shadow.next()).isInstanceOf(Rollout.Committed.class);
    }

    @Test
    void givenAGatewayRefusesTheFailureNamesItAndTheRouteStays() {
        Gateway refusing = new Gateway("g2", Views.START, Set.of(), true, "connection refused");
        Sight sight = Views.with(Views.good(), List.of(Views.agreeing("g1"), refusing));

        Step step = new Rollout.Preparing(Views.RELEASE, Views.START, Views.NEW)
                .on(LOOK, sight, Views.START.plusSeconds(30));

        assertThat(step.next()).isInstanceOf(Rollout.Failed.class);
        assertThat(step.next().reason())
                .contains("gateway g2: connection refused")
                .doesNotContain("g1");
        assertThat(step.effects()).containsExactly(new Effect.ClearNext(), new Effect.Drain(Color.GREEN));
    }

    @Test
    void givenAGatewayCameBackItHasItsThirtySecondsFromThen() {
        Rollout committed = new Rollout.Committed(Views.RELEASE, Views.START, Views.NEW, Traffic.NONE);
        Gateway back = new Gateway("g1", Views.START.plusSeconds(100), Set.of(), false, null);
        Sight sight = Views.with(Views.good(), List.of(back));

        assertThat(committed.on(LOOK, sight, Views.START.plusSeconds(129)).next())
                .isEqualTo(committed);
        assertThat(committed.on(LOOK, sight, Views.START.plusSeconds(130)).next())
                .isInstanceOf(Rollout.RollingBack.class);
    }

    @Test
    void givenTheFormerColorIsNotReadyTrafficDoesNotGoBackToItYet() {
        Rollout baking =
                new Rollout.Baking(Views.RELEASE, Views.START, Views.NEW, Traffic.NONE, Views.START.plusSeconds(600));
        Sight sight = Views.withPrevious(Views.good(), Optional.of(Views.LOADING));

        Step step = baking.on(new Signal.RollBack("wrong answers"), sight, Views.START);

        assertThat(step.next()).isInstanceOf(Rollout.Retreating.class);
        assertThat(step.effects()).containsExactly(new Effect.Warm(Color.BLUE, 1));
        assertThat(step.next().on(LOOK, Views.good(), Views.START).next()).isInstanceOf(Rollout.RollingBack.class);
    }

    @Test
    void givenAHeldVersionIsNotProvenNowItCannotBePromoted() {
        Rollout held = new Rollout.Held(Views.MANUAL, Views.START, Rollout.HoldReason.APPROVAL);

        assertThatThrownBy(() -> held.on(new Signal.Promote(), Views.nothing(), Views.START))
                .isInstanceOf(IllegalTransition.class)
                .hasMessageContaining("not proven at this moment");
    }

    @Test
    void aVerdictIsABoundAndNotAPoint() {
        assertThat(BakeVerdict.of(new Traffic(19, 19), Traffic.NONE).outcome()).isEqualTo(BakeVerdict.Outcome.TOO_FEW);
        assertThat(BakeVerdict.of(new Traffic(20, 2), Traffic.NONE).outcome()).isEqualTo(BakeVerdict.Outcome.GOOD);
        assertThat(BakeVerdict.of(new Traffic(20, 5), Traffic.NONE).outcome()).isEqualTo(BakeVerdict.Outcome.BAD);
        // Three times a baseline of 10 % is the limit then.
        assertThat(BakeVerdict.of(new Traffic(20, 5), new Traffic(100, 10)).outcome())
                .isEqualTo(BakeVerdict.Outcome.GOOD);
        assertThat(BakeVerdict.of(new Traffic(20, 5), Traffic.NONE).because()).contains("5 of 20 requests failed");
    }

    @Test
    void theBoundIsWilsonsWithOneSide() {
        // (p + z²/2n − z·sqrt(p(1−p)/n + z²/4n²)) / (1 + z²/n) with z = 1.644854, n = 50, p = 0.2
        double bound = BakeVerdict.of(new Traffic(50, 10), Traffic.NONE).failureShareAtLeast();

        assertThat(bound).isCloseTo(0.12347, within(0.00001));
        assertThat(bound)
                .isEqualTo(BinomialConfidenceInterval.WILSON_SCORE
                        .fromErrorRate(50, 10, 0.1)
                        .getLowerBound());
    }

    @Test
    void givenABakeLongerThanTheStandbyThePlanIsRefused() {
        assertThatThrownBy(() -> new Plan(
                        RolloutKind.RELEASE,
                        Color.GREEN,
                        "m",
                        "2",
                        "1",
                        Promotion.AUTO,
                        Duration.ofHours(2),
                        Duration.ofHours(1),
                        true))
                .hasMessageContaining("bake must not be longer than standby");
    }
}
