package dev.teal.protocol.cell;

/**
 * What the gateway holds callers to.
 *
 * @param requestDeadlineMillis longest time from arrival to answer, waiting for a worker included
 * @param bodyLimitBytes largest request body, as sent; the worker holds it once more to it after it is decompressed
 * @param keyRequired whether loopback callers need an inference key too
 */
public record EndpointLimits(long requestDeadlineMillis, long bodyLimitBytes, boolean keyRequired) {
    public EndpointLimits {
        if (requestDeadlineMillis < 1 || bodyLimitBytes < 1) {
            throw new IllegalArgumentException("limits must be positive, got deadline=" + requestDeadlineMillis
                    + " ms body=" + bodyLimitBytes + " bytes");
        }
    }
}
