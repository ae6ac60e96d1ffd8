package dev.teal.protocol.cell;

/**
 * How a worker runs a model; the same for both colors of an endpoint.
 *
 * @param threads ONNX Runtime's threads within one request
 * @param concurrency requests that one worker computes at once
 */
public record RuntimeSettings(int threads, int concurrency) {
    public RuntimeSettings {
        if (threads < 1 || concurrency < 1) {
            throw new IllegalArgumentException(
                    "threads and concurrency must be 1 or more, got " + threads + " and " + concurrency);
        }
    }
}
