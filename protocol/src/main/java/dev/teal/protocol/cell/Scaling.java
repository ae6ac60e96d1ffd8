package dev.teal.protocol.cell;

/**
 * How many workers an environment may have.
 *
 * @param minWorkers kept ready even when idle; 0 lets the environment go to zero
 * @param idleTimeoutMillis a worker unused for this long stops, down to {@code minWorkers}
 */
public record Scaling(int minWorkers, int maxWorkers, long idleTimeoutMillis) {
    public Scaling {
        if (minWorkers < 0 || maxWorkers < 1 || minWorkers > maxWorkers || idleTimeoutMillis < 1) {
            throw new IllegalArgumentException(
                    "scaling must be 0 <= min <= max, max >= 1 and a positive idle timeout, got min=" + minWorkers
                            + " max=" + maxWorkers + " idle=" + idleTimeoutMillis + " ms");
        }
    }
}
