package dev.teal.protocol.cell;

import org.jspecify.annotations.Nullable;

/**
 * How a worker runs a model; the same for both colors of an endpoint.
 *
 * @param threads ONNX Runtime's threads within one request
 * @param concurrency requests that one worker computes at once
 * @param batching null: as the model's own configuration has it, or the worker's default
 * @param responseCacheBytes of answers that are kept and given again to the same question; null: none
 * @param bodyLimitBytes of one request after it is decompressed, which the gateway that passes it on doesn't see; null: the worker's own limit
 */
public record RuntimeSettings(
        int threads,
        int concurrency,
        @Nullable Batching batching,
        @Nullable Long responseCacheBytes,
        @Nullable Long bodyLimitBytes) {
    public RuntimeSettings {
        if (threads < 1 || concurrency < 1) {
            throw new IllegalArgumentException(
                    "threads and concurrency must be 1 or more, got " + threads + " and " + concurrency);
        }
        if (responseCacheBytes != null && responseCacheBytes < 1) {
            throw new IllegalArgumentException("a response cache must have 1 byte or more, got " + responseCacheBytes);
        }
        if (bodyLimitBytes != null && bodyLimitBytes < 1) {
            throw new IllegalArgumentException("a body limit must be 1 byte or more, got " + bodyLimitBytes);
        }
    }

    public RuntimeSettings(int threads, int concurrency) {
        this(threads, concurrency, null, null, null);
    }
}
