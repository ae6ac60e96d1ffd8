package dev.teal.protocol.cell;

import org.jspecify.annotations.Nullable;

/**
 * What the gateway holds callers to.
 *
 * @param requestDeadlineMillis longest time from arrival to answer, waiting for a worker included
 * @param bodyLimitBytes largest request body, as sent; the worker holds it once more to it after it is decompressed
 * @param keyRequired whether loopback callers need an inference key too
 * @param rate of all callers together, at each gateway; null: as many as there is room for
 */
public record EndpointLimits(
        long requestDeadlineMillis,
        long bodyLimitBytes,
        boolean keyRequired,
        @Nullable Rate rate) {
    public EndpointLimits {
        if (requestDeadlineMillis < 1 || bodyLimitBytes < 1) {
            throw new IllegalArgumentException("limits must be positive, got deadline=" + requestDeadlineMillis
                    + " ms body=" + bodyLimitBytes + " bytes");
        }
    }

    public EndpointLimits(long requestDeadlineMillis, long bodyLimitBytes, boolean keyRequired) {
        this(requestDeadlineMillis, bodyLimitBytes, keyRequired, null);
    }
}
