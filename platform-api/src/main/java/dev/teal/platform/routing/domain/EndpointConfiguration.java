package dev.teal.platform.routing.domain;

import dev.teal.protocol.cell.EndpointLimits;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.cell.Scaling;

/**
 * One configuration for both colors of an endpoint, so that they are identical but for the model.
 *
 * @param idleTimeoutMillis a worker unused for this long stops, down to {@code minWorkers}
 * @param requestDeadlineMillis longest time from arrival to answer
 * @param inferenceKeyRequired whether loopback callers need a key too
 */
public record EndpointConfiguration(
        int workerThreads,
        int workerConcurrency,
        int minWorkers,
        int maxWorkers,
        long idleTimeoutMillis,
        long requestDeadlineMillis,
        long bodyLimitBytes,
        boolean inferenceKeyRequired) {
    public RuntimeSettings runtime() {
        return new RuntimeSettings(workerThreads, workerConcurrency, null, null, bodyLimitBytes);
    }

    public EndpointLimits limits() {
        return new EndpointLimits(requestDeadlineMillis, bodyLimitBytes, inferenceKeyRequired);
    }

    /** @param warmWorkers wanted beyond the minimum, never beyond the maximum */
    public Scaling scaling(int warmWorkers) {
        return new Scaling(Math.min(maxWorkers, Math.max(minWorkers, warmWorkers)), maxWorkers, idleTimeoutMillis);
    }
}
