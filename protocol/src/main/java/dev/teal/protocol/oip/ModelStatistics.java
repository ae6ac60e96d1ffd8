package dev.teal.protocol.oip;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
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

        InferenceStats plus(InferenceStats other) {
            return new InferenceStats(
                    success.plus(other.success),
                    fail.plus(other.fail),
                    queue.plus(other.queue),
                    computeInput.plus(other.computeInput),
                    computeInfer.plus(other.computeInfer),
                    computeOutput.plus(other.computeOutput),
                    cacheHit.plus(other.cacheHit),
                    cacheMiss.plus(other.cacheMiss));
        }
    }

    /** Of runs with so many rows. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record BatchStats(long batchSize, Total computeInput, Total computeInfer, Total computeOutput) {
        BatchStats plus(BatchStats other) {
            return new BatchStats(
                    batchSize,
                    computeInput.plus(other.computeInput),
                    computeInfer.plus(other.computeInfer),
                    computeOutput.plus(other.computeOutput));
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
        return new ModelStatistics(
                name,
                version,
                Math.max(lastInference, other.lastInference),
                inferenceCount + other.inferenceCount,
                executionCount + other.executionCount,
                inferenceStats.plus(other.inferenceStats),
                batchesWith(other),
                memoryWith(other));
    }

    private List<BatchStats> batchesWith(ModelStatistics other) {
        TreeMap<Long, BatchStats> bySize = new TreeMap<>();
        batchStats.forEach(batch -> bySize.merge(batch.batchSize(), batch, BatchStats::plus));
        other.batchStats.forEach(batch -> bySize.merge(batch.batchSize(), batch, BatchStats::plus));
        return new ArrayList<>(bySize.values());
    }

    private List<MemoryUsage> memoryWith(ModelStatistics other) {
        TreeMap<String, MemoryUsage> byPlace = new TreeMap<>();
        memoryUsage.forEach(memory -> byPlace.merge(memory.type() + memory.id(), memory, MemoryUsage::plus));
        other.memoryUsage.forEach(memory -> byPlace.merge(memory.type() + memory.id(), memory, MemoryUsage::plus));
        return new ArrayList<>(byPlace.values());
    }
}
