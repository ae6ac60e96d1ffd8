package dev.teal.protocol.cell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackOffTest {
    @Test
    void givenFailuresInARowThePausesDoubleUpToTheLongestAndBeginAnewOnceItWorked() {
        BackOff backOff = new BackOff(100, 1_000);

        assertThat(LongStream.generate(backOff::nextMillis).limit(6))
                .containsExactly(100L, 200L, 400L, 800L, 1_000L, 1_000L);
        backOff.reset();
        assertThat(backOff.nextMillis()).isEqualTo(100);
    }

    @Test
    void givenAnInterruptTheSleepEndsAndSaysSo() {
        Thread.currentThread().interrupt();

        assertThat(BackOff.sleep(60_000, new Random(7))).isFalse();
        assertThat(BackOff.sleep(1, new Random(7))).isTrue();
    }
}
