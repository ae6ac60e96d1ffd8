package dev.teal.gateway.answer;

import java.util.Locale;

/** How a request ended, as metrics name it. */
public enum Outcome {
    /** A worker answered, below 500. */
    ANSWERED,
    /** A worker answered with 5xx. */
    WORKER_ERROR,
    /** The caller's mistake. */
    REJECTED,
    /** A limit of the gateway is reached. */
    OVERLOADED,
    /** The gateway holds as many bytes as it may; no version's doing. */
    NO_MEMORY,
    /** The worker's answer is larger than may be passed on. */
    OVERSIZED,
    /** No worker could be brought up. */
    UNAVAILABLE,
    /** Workers died of it, or it is quarantined. */
    FAILED,
    /** The deadline passed. */
    DEADLINE;

    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Outcome of(Answer answer) {
        return switch (answer) {
            case Answer.FromWorker worker -> worker.status() < 500 ? ANSWERED : WORKER_ERROR;
            case Answer.Failure failure -> failure.outcome();
        };
    }
}
