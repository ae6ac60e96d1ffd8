package dev.teal.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.oip.ModelStatistics;
import dev.teal.protocol.oip.ModelStatistics.BatchStats;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class CountersTest {
    @Test
    void runsOfEverOtherSizesAreAllCountedInALimitedRoom() {
        Counters counters = new Counters(InstantSource.fixed(Instant.EPOCH));
        for (int rows = 5; rows <= 10_000; rows++) {
            counters.ran(rows, 1, 2, 3);
        }
        counters.ran(1, 1, 2, 3);
        counters.ran(7, 1, 2, 3);

        ModelStatistics statistics = counters.statistics("m", "1");

        assertThat(statistics.executionCount()).isEqualTo(9_998);
        assertThat(statistics.batchStats()).hasSize(1_024);
        assertThat(statistics.batchStats().stream()
                        .mapToLong(batch -> batch.computeInfer().count())
                        .sum())
                .isEqualTo(9_998);
        assertThat(statistics.batchStats().get(2).computeInfer().count())
                .as("seven rows, a size that is known")
                .isEqualTo(2);
        assertThat(statistics.batchStats()).extracting(BatchStats::batchSize).contains(5L, 1_027L);
    }
}
