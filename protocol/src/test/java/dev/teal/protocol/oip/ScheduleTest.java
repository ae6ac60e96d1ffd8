package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # priority           | milliseconds before or after who came at the same time
            0                    | 0
            1                    | -100
            2                    | 0
            3                    | 100
            19                   | 1700
            20                   | 1800
            21                   | 1800
            9223372036854775807  | 1800
            """)
    void eachStepIsWorthATenthOfASecondInLineAndNobodyWaitsForEver(long priority, long millis) {
        long since = 7_000_000_000L;

        assertThat(new Schedule(priority, 5).turnNanos(since)).isEqualTo(since + millis * 1_000_000);
    }

    @Test
    void whatIsLessThanNothingIsNoSchedule() {
        assertThatThrownBy(() -> new Schedule(-1, 0)).hasMessageContaining("-1 and 0");
        assertThatThrownBy(() -> new Schedule(0, -2)).hasMessageContaining("0 and -2");
    }
}
