package dev.teal.fleet.scale.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.cell.Scaling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutoscalerTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final ScalePolicy POLICY = ScalePolicy.KNATIVE;
    private static final Autoscaler AUTOSCALER = new Autoscaler(POLICY);

    private static DemandHistory steady(double concurrency) {
        DemandHistory history = DemandHistory.NONE;
        for (int second = 0; second < 60; second++) {
            history = history.with(new DemandHistory.Sample(second * SECOND, concurrency), POLICY.stableWindow());
        }
        return history;
    }

    /** Workers of concurrency 4, so a target of 2.8; minimum 0, maximum 10, idle timeout 30 s. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # concurrency | before | ready | wanted | known | idle s | desired
            14            | 5      | 5     | true   | true  | 0      | 5
            14.1          | 5      | 5     | true   | true  | 0      | 6
            2.8           | 1      | 1     | true   | true  | 0      | 1
            2.8           | 5      | 5     | true   | true  | 0      | 1
            1000          | 1      | 1     | true   | true  | 0      | 10
            0             | 3      | 3     | false  | true  | 29     | 1
            0             | 3      | 3     | false  | true  | 30     | 0
            0             | 1      | 1     | false  | true  | 29     | 1
            0             | 1      | 1     | false  | true  | 30     | 0
            0             | 3      | 3     | false  | false | 9999   | 3
            2.8           | 3      | 3     | true   | false | 0      | 3
            14            | 3      | 3     | true   | false | 0      | 5
            0             | 0      | 0     | false  | true  | 9999   | 0
            0             | 0      | 0     | false  | false | 9999   | 0
            0             | 0      | 0     | true   | false | 0      | 1
            200           | 0      | 0     | true   | true  | 0      | 1
            200           | 1      | 0     | true   | true  | 0      | 1
            0             | 4      | 0     | true   | true  | 0      | 4
            """)
    void givenASituationTheDesiredCountIs(
            double concurrency, int before, int ready, boolean wanted, boolean known, long idleSeconds, int desired) {
        Situation situation = new Situation(
                new Scaling(0, 10, 30_000),
                4,
                steady(concurrency),
                before,
                ready,
                wanted,
                known,
                Duration.ofSeconds(idleSeconds),
                null,
                60 * SECOND);

        assertThat(AUTOSCALER.decide(situation).desired()).isEqualTo(desired);
    }

    /** Plays a trace of one sample a second; workers are ready a second after they are wanted. */
    private static List<Integer> play(int seconds, Scaling scaling, IntUnaryOperator concurrencyAt) {
        List<Integer> desired = new ArrayList<>();
        DemandHistory history = DemandHistory.NONE;
        Decision last = new Decision(0, "", null);
        int ready = 0;
        long lastWanted = 0;
        for (int second = 0; second < seconds; second++) {
            int concurrency = concurrencyAt.applyAsInt(second);
            long now = second * SECOND;
            lastWanted = concurrency > 0 ? now : lastWanted;
            history = ready == 0
                    ? DemandHistory.NONE
                    : history.with(new DemandHistory.Sample(now, concurrency), POLICY.stableWindow());
            last = AUTOSCALER.decide(new Situation(
                    scaling,
                    4,
                    history,
                    last.desired(),
                    ready,
                    concurrency > 0,
                    true,
                    Duration.ofNanos(now - lastWanted),
                    last.panicSinceNanos(),
                    now));
            ready = last.desired();
            desired.add(last.desired());
        }
        return desired;
    }

    @Test
    void givenABurstItGrowsWithinThePanicWindowAndShrinksOnlyAfterTheStableOne() {
        List<Integer> desired = play(240, new Scaling(0, 20, 30_000), second -> second < 30 ? 2 : second < 60 ? 28 : 2);

        assertThat(desired.subList(1, 30)).containsOnly(1);
        assertThat(desired.get(36)).isEqualTo(10);
        assertThat(desired.subList(36, 89)).containsOnly(10);
        assertThat(desired.getLast()).isEqualTo(1);
    }

    @Test
    void givenATrickleItStaysAtOneAndNeverFlaps() {
        assertThat(play(300, new Scaling(0, 20, 30_000), second -> second % 20 == 0 ? 1 : 0))
                .containsOnly(1);
    }

    @Test
    void givenAnEndOfDemandItGoesToTheMinimumAfterTheIdleTimeout() {
        List<Integer> desired = play(60, new Scaling(0, 20, 10_000), second -> second < 20 ? 2 : 0);

        assertThat(desired.subList(0, 29)).containsOnly(1);
        assertThat(desired.subList(29, 60)).containsOnly(0);
        assertThat(play(60, new Scaling(2, 20, 10_000), second -> second < 20 ? 2 : 0))
                .containsOnly(2);
    }

    @Test
    void givenASawtoothItNeverLeavesItsBounds() {
        assertThat(play(600, new Scaling(1, 5, 10_000), second -> second % 100))
                .allMatch(desired -> desired >= 1 && desired <= 5);
    }
}
