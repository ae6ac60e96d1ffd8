package dev.teal.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.gateway.forward.SeenStatistics.Version;
import dev.teal.protocol.oip.ModelStatistics;
import dev.teal.protocol.oip.ModelStatistics.InferenceStats;
import dev.teal.protocol.oip.ModelStatistics.MemoryUsage;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SeenStatisticsTest {
    private static final Version VERSION = new Version("fraud", "1", "sha256:1");

    private final SeenStatistics seen = new SeenStatistics();

    private static ModelStatistics rows(long rows) {
        return new ModelStatistics(
                "own", "9", 0, rows, rows, InferenceStats.NONE, List.of(), List.of(new MemoryUsage("CPU", 0, 100)));
    }

    @Test
    void givenAThousandWorkersThatCameAndWentTheirSumIsExact() {
        for (int worker = 1; worker <= 1_000; worker++) {
            seen.see(VERSION, "w-" + worker, rows(worker), Set.of("w-" + worker));
        }

        ModelStatistics sum = seen.sum(VERSION, Set.of("w-1000"));

        assertThat(sum.inferenceCount()).isEqualTo(500_500);
        assertThat(sum.name()).isEqualTo("fraud");
        assertThat(sum.version()).isEqualTo("1");
        assertThat(sum.memoryUsage()).containsExactly(new MemoryUsage("CPU", 0, 100));
    }

    @Test
    void givenAWorkerIsMissedForAMomentItCountsOnce() {
        seen.see(VERSION, "w-1", rows(5), Set.of("w-1"));
        seen.see(VERSION, "w-2", rows(1), Set.of("w-2"));
        assertThat(seen.sum(VERSION, Set.of("w-2")).inferenceCount()).isEqualTo(6);

        seen.see(VERSION, "w-1", rows(7), Set.of("w-1", "w-2"));

        assertThat(seen.sum(VERSION, Set.of("w-1", "w-2")).inferenceCount()).isEqualTo(8);
    }

    @Test
    void givenAnAnswerThatWasOvertakenNothingFalls() {
        seen.see(VERSION, "w-1", rows(7), Set.of("w-1"));

        seen.see(VERSION, "w-1", rows(5), Set.of("w-1"));

        assertThat(seen.sum(VERSION, Set.of("w-1")).inferenceCount()).isEqualTo(7);
    }

    @Test
    void givenAVersionIsServedNoMoreItIsForgotten() {
        Version other = new Version("fraud", "2", "sha256:2");
        seen.see(VERSION, "w-1", rows(7), Set.of("w-1"));
        seen.see(other, "w-2", rows(3), Set.of("w-2"));

        seen.keep(Set.of(other));

        assertThat(seen.sum(VERSION, Set.of()).inferenceCount()).isZero();
        assertThat(seen.sum(other, Set.of()).inferenceCount()).isEqualTo(3);
    }
}
