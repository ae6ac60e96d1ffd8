package dev.teal.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private final AtomicLong nanos = new AtomicLong();
    private final RetryBudget budget = new RetryBudget(nanos::get);

    private int takeAll() {
        int taken = 0;
        while (budget.take()) {
            taken++;
        }
        return taken;
    }

    @Test
    void aFifthOfTheTrafficMayBeRepeatedAndTenASecondAnyway() {
        assertThat(takeAll()).as("at the start").isEqualTo(100);

        for (int i = 0; i < 1_000; i++) {
            budget.request();
        }
        assertThat(takeAll()).isBetween(199, 200);

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(takeAll()).isBetween(10, 11);

        nanos.addAndGet(Duration.ofDays(1).toNanos());
        assertThat(takeAll()).as("it does not grow without end").isEqualTo(1_000);
    }
}
