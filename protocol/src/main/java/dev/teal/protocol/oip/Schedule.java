package dev.teal.protocol.oip;

/**
 * The protocol's schedule policy.
 *
 * @param priority 1 is the most urgent; 0: the default
 * @param timeoutMicros longest wait in the queue; 0: none of its own
 */
public record Schedule(long priority, long timeoutMicros) {
    public static final Schedule NONE = new Schedule(0, 0);

    public Schedule {
        if (priority < 0 || timeoutMicros < 0) {
            throw new IllegalArgumentException(
                    "priority and timeout must be 0 or more, got " + priority + " and " + timeoutMicros);
        }
    }
}
