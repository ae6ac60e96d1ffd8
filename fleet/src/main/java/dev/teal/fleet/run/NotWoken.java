package dev.teal.fleet.run;

import dev.teal.protocol.worker.WorkerFailure;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A caller who waits for a worker gets none. */
public final class NotWoken extends Exception {

    private static final long serialVersionUID = 1;

    private final Outcome outcome;
    private final Duration retryAfter;
    private final WorkerFailure.@Nullable Code code;

    public enum Outcome {
        /** No worker can be brought up now. */
        FAILED,
        /** One may come yet, but the caller can't wait longer. */
        DEADLINE,
        /** Too many wait. */
        FULL
    }

    NotWoken(Outcome outcome, String message, Duration retryAfter, WorkerFailure.@Nullable Code code) {
        super(message);
        this.outcome = outcome;
        this.retryAfter = retryAfter;
        this.code = code;
    }

    /** For another caller: an exception belongs to the thread that throws it. */
    NotWoken again() {
        return new NotWoken(outcome, String.valueOf(getMessage()), retryAfter, code);
    }

    public Outcome outcome() {
        return outcome;
    }

    public Duration retryAfter() {
        return retryAfter;
    }

    public Optional<WorkerFailure.Code> code() {
        return Optional.ofNullable(code);
    }
}
