package dev.teal.protocol.oip;

/**
 * The protocol's schedule policy.
 *
 * @param priority 1 is the most urgent; 0: the default
 * @param timeoutMicros longest wait in the queue; 0: none of its own
 */
public record Schedule(long priority, long timeoutMicros) {
    public static final Schedule NONE = new Schedule(0, 0);

    private static final long DEFAULT_PRIORITY = 2;
    private static final long LEAST_URGENT = 20;
    private static final long STEP_NANOS = 100_000_000;

    public Schedule {
        if (priority < 0 || timeoutMicros < 0) {
            throw new IllegalArgumentException(
                    "priority and timeout must be 0 or more, got " + priority + " and " + timeoutMicros);
        }
    }

    /**
     * By which requests stand in a line, wherever they wait, the least first: each step of priority is worth a tenth of a second in line, and
     * there are few of them, so none waits for ever.
     *
     * @param sinceNanos monotonic, when it began to wait
     */
    public long turnNanos(long sinceNanos) {
        long step = priority == 0 ? DEFAULT_PRIORITY : Math.min(priority, LEAST_URGENT);
        return sinceNanos + (step - DEFAULT_PRIORITY) * STEP_NANOS;
    }
}
