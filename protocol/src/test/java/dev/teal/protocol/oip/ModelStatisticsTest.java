package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Cases;
import dev.teal.protocol.Json;
import dev.teal.protocol.oip.ModelStatistics.BatchStats;
import dev.teal.protocol.oip.ModelStatistics.InferenceStats;
import dev.teal.protocol.oip.ModelStatistics.MemoryUsage;
import dev.teal.protocol.oip.ModelStatistics.Total;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ModelStatisticsTest {
    private static Total total(RandomGenerator random) {
        return new Total(random.nextInt(1_000), random.nextInt(1_000_000));
    }

    private static ModelStatistics any(RandomGenerator random) {
        return new ModelStatistics(
                "fraud",
                "1",
                random.nextInt(1_000),
                random.nextInt(1_000),
                random.nextInt(1_000),
                new InferenceStats(
                        total(random),
                        total(random),
                        total(random),
                        total(random),
                        total(random),
                        total(random),
                        total(random),
                        total(random)),
                LongStream.rangeClosed(1, 5)
                        .filter(_ -> random.nextBoolean())
                        .mapToObj(size -> new BatchStats(size, total(random), total(random), total(random)))
                        .toList(),
                random.nextBoolean() ? List.of() : List.of(new MemoryUsage("CPU", 0, random.nextInt(1_000))));
    }

    @Test
    void theJsonHasTheProtocolsNames() {
        ModelStatistics statistics = new ModelStatistics(
                "fraud",
                "1",
                1_700_000_000_000L,
                3,
                2,
                InferenceStats.NONE,
                List.of(new BatchStats(2, new Total(1, 10), new Total(1, 20), new Total(1, 30))),
                List.of(new MemoryUsage("CPU", 0, 4096)));

        assertThat(Json.MAPPER.readTree(
                        Json.MAPPER.writeValueAsString(new ModelStatistics.Listing(List.of(statistics)))))
                .isEqualTo(Json.MAPPER.readTree("""
                        {"model_stats":[{"name":"fraud","version":"1","last_inference":1700000000000,"inference_count":3,"execution_count":2,
                        "inference_stats":{"success":{"count":0,"ns":0},"fail":{"count":0,"ns":0},"queue":{"count":0,"ns":0},
                        "compute_input":{"count":0,"ns":0},"compute_infer":{"count":0,"ns":0},"compute_output":{"count":0,"ns":0},
                        "cache_hit":{"count":0,"ns":0},"cache_miss":{"count":0,"ns":0}},
                        "batch_stats":[{"batch_size":2,"compute_input":{"count":1,"ns":10},"compute_infer":{"count":1,"ns":20},
                        "compute_output":{"count":1,"ns":30}}],
                        "memory_usage":[{"type":"CPU","id":0,"byte_size":4096}]}]}"""));
    }

    @Test
    void whatIsWrittenIsReadAsItWas() {
        Cases.forAll(100, random -> {
            ModelStatistics.Listing listing = new ModelStatistics.Listing(List.of(any(random), any(random)));

            assertThat(Json.MAPPER.readValue(Json.MAPPER.writeValueAsBytes(listing), ModelStatistics.Listing.class))
                    .isEqualTo(listing);
        });
    }

    @Test
    void twoWorkersAreAddedUpInAnyOrderAndAWorkerThatDidNothingAddsNothing() {
        Cases.forAll(100, random -> {
            ModelStatistics one = any(random);
            ModelStatistics other = any(random);

            ModelStatistics both = one.plus(other);

            assertThat(both).isEqualTo(other.plus(one));
            assertThat(one.plus(ModelStatistics.none("fraud", "1"))).isEqualTo(one);
            assertThat(both.lastInference()).isEqualTo(Math.max(one.lastInference(), other.lastInference()));
            assertThat(both.inferenceCount()).isEqualTo(one.inferenceCount() + other.inferenceCount());
            assertThat(both.inferenceStats().queue().ns())
                    .isEqualTo(one.inferenceStats().queue().ns()
                            + other.inferenceStats().queue().ns());
            assertThat(both.batchStats())
                    .extracting(BatchStats::batchSize)
                    .isSorted()
                    .doesNotHaveDuplicates();
        });
    }

    @Test
    void ofTwoAnswersOfOneWorkerNothingFallsInWhicheverOrderTheyCome() {
        Cases.forAll(100, random -> {
            ModelStatistics earlier = any(random);
            ModelStatistics later = earlier.plus(any(random));

            assertThat(earlier.atLeast(later)).isEqualTo(later);
            assertThat(later.atLeast(earlier).withoutMemory()).isEqualTo(later.withoutMemory());
            assertThat(later.withoutMemory().memoryUsage()).isEmpty();
        });
    }

    @Test
    void givenMoreSizesThanAreToldApartAFurtherOneCountsWithTheNextSmaller() {
        ModelStatistics even = sizes(2, 1_000);
        ModelStatistics odd = sizes(1, 1_000);

        List<BatchStats> both = even.plus(odd).batchStats();

        assertThat(both).hasSize(ModelStatistics.MOST_SIZES);
        assertThat(both)
                .extracting(BatchStats::batchSize)
                .containsAll(
                        even.batchStats().stream().map(BatchStats::batchSize).toList());
        assertThat(both.stream()
                        .mapToLong(batch -> batch.computeInfer().count())
                        .sum())
                .isEqualTo(2_000);
    }

    private static ModelStatistics sizes(int first, int count) {
        return new ModelStatistics(
                "fraud",
                "1",
                0,
                0,
                0,
                InferenceStats.NONE,
                LongStream.range(0, count)
                        .mapToObj(i -> new BatchStats(first + 2 * i, Total.NONE, new Total(1, 1), Total.NONE))
                        .toList(),
                List.of());
    }
}
