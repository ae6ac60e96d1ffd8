package dev.teal.platform.rollout.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.platform.rollout.domain.Sight.Count;
import dev.teal.protocol.Color;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every state met by every signal. {@code =} stays, {@code -} is refused; Good to Failing are looks, early; Late ones come when time is up. */
class RolloutTableTest {
    private static final Instant SINCE = Views.START.plusSeconds(60);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # state        | Good         | Nothing | Loading | Unlucky | Faulty     | Lagging   | Failing     | LateGood    | LateNothing | LateLagging | Promote   | Abort   | RollBack
            Pending        | Provisioning | Provisioning | Provisioning | Provisioning | Provisioning | Provisioning | Provisioning | Expired | Expired | Expired | - | Aborted | -
            Provisioning   | Warming      | =       | =       | =       | Failed     | Warming   | Warming     | Failed      | Failed      | Failed      | -         | Aborted | -
            Warming        | Testing      | =       | =       | =       | Failed     | Testing   | Testing     | Failed      | Failed      | Failed      | -         | Aborted | -
            Testing        | Shadowing    | =       | =       | =       | Failed     | Shadowing | Shadowing   | Failed      | Failed      | Failed      | -         | Aborted | -
            Shadowing      | Preparing    | =       | =       | =       | Failed     | Preparing | Preparing   | Failed      | Failed      | Failed      | -         | Aborted | -
            ShadowingManual| Held         | Held    | Held    | Held    | Failed     | Held      | Held        | Failed      | Failed      | Failed      | -         | Aborted | -
            Held           | =            | =       | =       | =       | Failed     | =         | =           | Expired     | Expired     | Expired     | Preparing | Aborted | -
            Preparing      | Committed    | =       | =       | =       | Failed     | =         | Committed   | Failed      | Failed      | Failed      | -         | Aborted | Aborted
            Committed      | Baking       | =       | Baking  | Baking  | Baking     | =         | Baking      | Baking      | =           | RollingBack | -         | -       | RollingBack
            CommittedFirst | Succeeded    | =       | Succeeded | Succeeded | Succeeded | =        | Succeeded   | Succeeded   | =           | =           | -         | -       | -
            CommittedBack  | Succeeded    | =       | Succeeded | Succeeded | Succeeded | =        | Succeeded   | Succeeded   | =           | =           | -         | -       | -
            Baking         | =            | =       | RollingBack | RollingBack | RollingBack | =   | RollingBack | Succeeded   | =           | =           | -         | -       | RollingBack
            Retreating     | RollingBack  | =       | RollingBack | RollingBack | RollingBack | RollingBack | RollingBack | RollingBack | =  | RollingBack | -         | -       | -
            RollingBack    | RolledBack   | =       | RolledBack | RolledBack | RolledBack | =      | RolledBack  | RolledBack  | =           | =           | -         | -       | -
            Succeeded      | =            | =       | =       | =       | =          | =         | =           | =           | =           | =           | -         | -       | -
            Failed         | =            | =       | =       | =       | =          | =         | =           | =           | =           | =           | -         | -       | -
            Aborted        | =            | =       | =       | =       | =          | =         | =           | =           | =           | =           | -         | -       | -
            Superseded     | =            | =       | =       | =       | =          | =         | =           | =           | =           | =           | -         | -       | -
            Expired        | =            | =       | =       | =       | =          | =         | =           | =           | =           | =           | -         | -       | -
            RolledBack     | =            | =       | =       | =       | =          | =         | =           | =           | =           | =           | -         | -       | -
            """)
    void eachStateAnswersEachSignal(
            String state,
            String good,
            String nothing,
            String loading,
            String unlucky,
            String faulty,
            String lagging,
            String failing,
            String lateGood,
            String lateNothing,
            String lateLagging,
            String promote,
            String abort,
            String rollBack) {
        Sight failed = Views.withCounts(
                Views.good(),
                new Count(Views.OLD, Color.BLUE, new Traffic(1_000, 2)),
                new Count(Views.NEW, Color.GREEN, new Traffic(200, 40)));
        Sight lag = Views.with(Views.good(), List.of(Views.silent("g1")));
        Instant early = SINCE.plusSeconds(2);
        Instant late = SINCE.plus(Duration.ofHours(25));

        expect(state, new Signal.Look(), Views.good(), early, good);
        expect(state, new Signal.Look(), Views.nothing(), early, nothing);
        expect(state, new Signal.Look(), Views.with(Views.good(), Optional.of(Views.LOADING)), early, loading);
        expect(state, new Signal.Look(), Views.with(Views.good(), Optional.of(Views.UNLUCKY)), early, unlucky);
        expect(state, new Signal.Look(), Views.with(Views.good(), Optional.of(Views.FAULTY)), early, faulty);
        expect(state, new Signal.Look(), lag, early, lagging);
        expect(state, new Signal.Look(), failed, early, failing);
        expect(state, new Signal.Look(), Views.good(), late, lateGood);
        expect(state, new Signal.Look(), Views.nothing(), late, lateNothing);
        expect(state, new Signal.Look(), lag, late, lateLagging);
        expect(state, new Signal.Promote(), Views.good(), early, promote);
        expect(state, new Signal.Abort("no"), Views.good(), early, abort);
        expect(state, new Signal.RollBack("no"), Views.good(), early, rollBack);
    }

    private static void expect(String state, Signal signal, Sight sight, Instant now, String expected) {
        Rollout rollout = rollout(state);
        if (expected.equals("-")) {
            assertThatThrownBy(() -> rollout.on(signal, sight, now))
                    .as("%s on %s", state, signal)
                    .isInstanceOf(IllegalTransition.class);
            return;
        }

        Step step = rollout.on(signal, sight, now);

        if (expected.equals("=")) {
            assertThat(step.next()).as("%s on %s at %s", state, signal, now).isEqualTo(rollout);
            assertThat(step.waitingFor().isEmpty())
                    .as("says what it waits for")
                    .isEqualTo(rollout instanceof Rollout.Ended);
        } else {
            assertThat(step.next().getClass().getSimpleName())
                    .as("%s on %s at %s: %s", state, signal, now, step)
                    .isEqualTo(expected);
        }
    }

    private static Rollout rollout(String state) {
        Plan plan = Views.RELEASE;
        return switch (state) {
            case "Pending" -> new Rollout.Pending(plan, SINCE);
            case "Provisioning" -> new Rollout.Provisioning(plan, SINCE);
            case "Warming" -> new Rollout.Warming(plan, SINCE);
            case "Testing" -> new Rollout.Testing(plan, SINCE);
            case "Shadowing" -> new Rollout.Shadowing(plan, SINCE);
            case "ShadowingManual" -> new Rollout.Shadowing(Views.MANUAL, SINCE);
            case "Held" -> new Rollout.Held(Views.MANUAL, SINCE, Rollout.HoldReason.APPROVAL);
            case "Preparing" -> new Rollout.Preparing(plan, SINCE, Views.NEW);
            case "Committed" -> new Rollout.Committed(plan, SINCE, Views.NEW, new Traffic(1_000, 2));
            case "CommittedFirst" -> new Rollout.Committed(Views.INITIAL, SINCE, 1, Traffic.NONE);
            case "CommittedBack" -> new Rollout.Committed(Views.BACK, SINCE, Views.NEW, Traffic.NONE);
            case "Baking" -> new Rollout.Baking(plan, SINCE, Views.NEW, new Traffic(1_000, 2), SINCE.plus(plan.bake()));
            case "Retreating" -> new Rollout.Retreating(plan, SINCE, Views.NEW, "bad", true, null);
            case "RollingBack" -> new Rollout.RollingBack(plan, SINCE, Views.NEW, Views.NEW + 1, "bad", true, null);
            case "Succeeded" -> new Rollout.Succeeded(plan, SINCE, Views.NEW, "good", null);
            case "Failed" -> new Rollout.Failed(plan, SINCE, "bad");
            case "Aborted" -> new Rollout.Aborted(plan, SINCE, "no");
            case "Superseded" -> new Rollout.Superseded(plan, SINCE, "newer");
            case "Expired" -> new Rollout.Expired(plan, SINCE, "late");
            case "RolledBack" -> new Rollout.RolledBack(plan, SINCE, Views.NEW, Views.NEW + 1, "bad", true, null);
            default -> throw new IllegalArgumentException(state);
        };
    }
}
