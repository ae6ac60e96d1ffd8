package dev.teal.protocol.oip;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What a version has done since its worker started, in the fields of the protocol's statistics extension. All counts only grow, so that a
 * client may take the difference of two answers.
 *
 * @param lastInference when the last request came, in milliseconds since 1970; 0: none has
 * @param inferenceCount rows computed; a request without a batch dimension counts as one
 * @param executionCount runs of the model
 * @param batchStats by rows of a run, ascending
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ModelStatistics(
        String name,
        String version,
        long lastInference,
        long inferenceCount,
        long executionCount,
        InferenceStats inferenceStats,
        List<BatchStats> batchStats,
        List<MemoryUsage> memoryUsage) {
    /**
     * Sizes of runs that are told apart; a further one counts with the next smaller. Without a limit, requests of ever other sizes would fill the
     * memory.
     */
    public static final int MOST_SIZES = 1_024;

    public ModelStatistics {
        batchStats = List.copyOf(batchStats);
        memoryUsage = List.copyOf(memoryUsage);
    }

    /** The answer to {@code GET …/stats}. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Listing(List<ModelStatistics> modelStats) {
        public Listing {
            modelStats = List.copyOf(modelStats);
        }
    }

    /** How often, and how long altogether in nanoseconds. */
    public record Total(long count, long ns) {
        public static final Total NONE = new Total(0, 0);

        public Total plus(Total other) {
            return new Total(count + other.count, ns + other.ns);
        }

        Total atLeast(Total other) {
            return new Total(Math.max(count, other.count), Math.max(ns, other.ns));
        }
    }

    /** Of requests: the whole by outcome, its parts, and what the response cache answered or did not. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record InferenceStats(
            Total success,
            Total fail,
            Total queue,
            Total computeInput,
            Total computeInfer,
            Total computeOutput,
            Total cacheHit,
            Total cacheMiss) {
        public static final InferenceStats NONE = new InferenceStats(
                Total.NONE, Total.NONE, Total.NONE, Total.NONE, Total.NONE, Total.NONE, Total.NONE, Total.NONE);

        InferenceStats with(InferenceStats other, BinaryOperator<Total> both) {
            return new InferenceStats(
                    both.apply(success, other.success),
                    both.apply(fail, other.fail),
                    both.apply(queue, other.queue),
                    both.apply(computeInput, other.computeInput),
                    both.apply(computeInfer, other.computeInfer),
                    both.apply(computeOutput, other.computeOutput),
                    both.apply(cacheHit, other.cacheHit),
                    both.apply(cacheMiss, other.cacheMiss));
        }
    }

    /** Of runs with so many rows. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record BatchStats(long batchSize, Total computeInput, Total computeInfer, Total computeOutput) {
        BatchStats with(BatchStats other, BinaryOperator<Total> both) {
            return new BatchStats(
                    batchSize,
                    both.apply(computeInput, other.computeInput),
                    both.apply(computeInfer, other.computeInfer),
                    both.apply(computeOutput, other.computeOutput));
        }
    }

    /** @param type {@code CPU} for a process's memory */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record MemoryUsage(String type, long id, long byteSize) {
        MemoryUsage plus(MemoryUsage other) {
            return new MemoryUsage(type, id, byteSize + other.byteSize);
        }
    }

    /** Of a version that has no worker. */
    public static ModelStatistics none(String name, String version) {
        return new ModelStatistics(name, version, 0, 0, 0, InferenceStats.NONE, List.of(), List.of());
    }

    /** What two workers of one version have done together; the name and version are this one's. */
    public ModelStatistics plus(ModelStatistics other) {
        return with(other, Long::sum, Total::plus, memoryWith(other));
    }

    /** Of two answers of one worker the later, whichever came first: counts only grow. Its memory is what the other one says. */
    public ModelStatistics atLeast(ModelStatistics other) {
        return with(other, Math::max, Total::atLeast, other.memoryUsage);
    }

    /** Of a worker that is gone. */
    public ModelStatistics withoutMemory() {
        return new ModelStatistics(
                name, version, lastInference, inferenceCount, executionCount, inferenceStats, batchStats, List.of());
    }

    private ModelStatistics with(
            ModelStatistics other, LongBinaryOperator counts, BinaryOperator<Total> totals, List<MemoryUsage> memory) {
        return new ModelStatistics(
                name,
                version,
                Math.max(lastInference, other.lastInference),
                counts.applyAsLong(inferenceCount, other.inferenceCount),
                counts.applyAsLong(executionCount, other.executionCount),
                inferenceStats.with(other.inferenceStats, totals),
                batchesWith(other, totals),
                memory);
    }

    private List<BatchStats> batchesWith(ModelStatistics other, BinaryOperator<Total> totals) {
        TreeMap<Long, BatchStats> bySize = new TreeMap<>();
        batchStats.forEach(batch -> bySize.put(batch.batchSize(), batch));
        for (BatchStats batch : other.batchStats) {
            long size = bySize.size() < MOST_SIZES ? batch.batchSize() : known(bySize, batch.batchSize());
            bySize.merge(size, batch, (mine, theirs) -> mine.with(theirs, totals));
        }
        return new ArrayList<>(bySize.values());
    }

    private static long known(TreeMap<Long, BatchStats> bySize, long size) {
        Long smaller = bySize.floorKey(size);
        return smaller == null ? bySize.firstKey() : smaller;
    }

    private List<MemoryUsage> memoryWith(ModelStatistics other) {
        TreeMap<String, MemoryUsage> byPlace = new TreeMap<>();
        memoryUsage.forEach(memory -> byPlace.merge(memory.type() + memory.id(), memory, MemoryUsage::plus));
        other.memoryUsage.forEach(memory -> byPlace.merge(memory.type() + memory.id(), memory, MemoryUsage::plus));
        return new ArrayList<>(byPlace.values());
    }
}
