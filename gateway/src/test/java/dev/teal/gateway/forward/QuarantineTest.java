package dev.teal.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QuarantineTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Quarantine quarantine = new Quarantine(nanos::get);

    @Test
    void aBodyIsHeldForAMinuteAndOnItsEndpointAlone() {
        quarantine.put("fraud", new byte[] {1});

        assertThat(quarantine.holds("fraud", new byte[] {1})).isTrue();
        assertThat(quarantine.holds("fraud", new byte[] {2})).isFalse();
        assertThat(quarantine.holds("other", new byte[] {1})).isFalse();

        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        assertThat(quarantine.holds("fraud", new byte[] {1})).isFalse();
        assertThat(quarantine.size()).isZero();
    }

    @Test
    void whenItIsFullTheOldestGoes() {
        for (int i = 0; i <= 1_000; i++) {
            quarantine.put("fraud", new byte[] {(byte) i, (byte) (i >> 8)});
        }

        assertThat(quarantine.size()).isEqualTo(1_000);
        assertThat(quarantine.holds("fraud", new byte[] {0, 0})).isFalse();
        assertThat(quarantine.holds("fraud", new byte[] {1, 0})).isTrue();
    }
}
