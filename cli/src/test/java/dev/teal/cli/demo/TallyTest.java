package dev.teal.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TallyTest {
    @Test
    void givenAHundredAnswersTheQuantilesAreTheirNearestRanks() {
        Tally tally = new Tally();
        for (int millis = 100; millis >= 1; millis--) {
            tally.answered(new Answer("blue", "1", 3, 0.5, Duration.ofMillis(millis)));
        }

        assertThat(tally.latency(0.5)).isEqualTo(Duration.ofMillis(50));
        assertThat(tally.latency(0.99)).isEqualTo(Duration.ofMillis(99));
    }

    @Test
    void givenFailuresTheyAreRequestsWithoutALatency() {
        Tally tally = new Tally();

        tally.failed();

        assertThat(tally.requests()).isOne();
        assertThat(tally.failures()).isOne();
        assertThat(tally.latency(0.99)).isZero();
        assertThat(tally.colors()).isEqualTo("-");
    }

    @Test
    void givenASwitchBothColorsAndGenerationsShow() {
        Tally tally = new Tally();
        tally.answered(new Answer("green", "2", 4, 0.5, Duration.ofMillis(1)));
        tally.answered(new Answer("blue", "1", 3, 0.5, Duration.ofMillis(1)));

        assertThat(tally.colors()).isEqualTo("blue+green");
        assertThat(tally.generations()).isEqualTo("3+4");
    }
}
