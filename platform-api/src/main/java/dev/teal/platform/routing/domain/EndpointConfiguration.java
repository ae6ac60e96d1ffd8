package dev.teal.platform.routing.domain;

import dev.teal.protocol.cell.Batching;
import dev.teal.protocol.cell.EndpointLimits;
import dev.teal.protocol.cell.Rate;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.cell.Scaling;
import dev.teal.protocol.oip.ModelConfig;
import org.jspecify.annotations.Nullable;

/**
 * One configuration for both colors of an endpoint, so that they are identical but for the model.
 *
 * @param idleTimeoutMillis a worker unused for this long stops, down to {@code minWorkers}
 * @param requestDeadlineMillis longest time from arrival to answer
 * @param inferenceKeyRequired whether loopback callers need a key too
 * @param maxBatchRows rows that a worker computes together at most; null: as the model's own configuration has it, or the worker's default
 * @param batchDelayMicros how long a worker waits for more rows; null: as with {@code maxBatchRows}
 * @param responseCacheBytes of answers that a worker keeps; null: none
 * @param requestRate requests a second of all callers together, at each gateway; null: as many as there is room for
 * @param requestBurst requests that may come at once after a pause; null: those of one second. What may be null is so in what was stored
 *     before it was there
 */
public record EndpointConfiguration(
        int workerThreads,
        int workerConcurrency,
        int minWorkers,
        int maxWorkers,
        long idleTimeoutMillis,
        long requestDeadlineMillis,
        long bodyLimitBytes,
        boolean inferenceKeyRequired,
        @Nullable Integer maxBatchRows,
        @Nullable Long batchDelayMicros,
        @Nullable Long responseCacheBytes,
        @Nullable Integer requestRate,
        @Nullable Integer requestBurst) {
    /** Rows of a run where only a delay is asked for and the model says nothing. */
    private static final int USUAL_ROWS = 32;

    /** @param model what its version says of itself, or null; never are more rows computed together than it can take */
    public RuntimeSettings runtime(@Nullable ModelConfig model) {
        return new RuntimeSettings(
                workerThreads, workerConcurrency, batching(model), responseCacheBytes, bodyLimitBytes);
    }

    private @Nullable Batching batching(@Nullable ModelConfig model) {
        if (maxBatchRows == null && batchDelayMicros == null) {
            return null;
        }
        Batching own = model == null ? null : model.batching();
        Integer most = model == null ? null : model.maxBatchSize();
        if (most != null && most == 0) {
            return new Batching(1, 0);
        }
        int usual = own != null ? own.maxRows() : most != null ? most : USUAL_ROWS;
        int rows = maxBatchRows == null ? usual : maxBatchRows;
        long delay = batchDelayMicros != null ? batchDelayMicros : own == null ? 0 : own.maxDelayMicros();
        return new Batching(most == null ? rows : Math.min(rows, most), delay);
    }

    public EndpointLimits limits() {
        Rate rate =
                requestRate == null ? null : new Rate(requestRate, requestBurst == null ? requestRate : requestBurst);
        return new EndpointLimits(requestDeadlineMillis, bodyLimitBytes, inferenceKeyRequired, rate);
    }

    /** @param warmWorkers wanted beyond the minimum, never beyond the maximum */
    public Scaling scaling(int warmWorkers) {
        return new Scaling(Math.min(maxWorkers, Math.max(minWorkers, warmWorkers)), maxWorkers, idleTimeoutMillis);
    }
}
