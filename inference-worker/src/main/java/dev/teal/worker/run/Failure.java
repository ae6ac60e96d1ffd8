package dev.teal.worker.run;

import dev.teal.protocol.Refusal;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no answer.
 *
 * @param refusal where nothing has begun, so that the request is safe to send elsewhere; null otherwise
 */
public record Failure(Kind kind, String message, @Nullable Refusal refusal) {
    /** As the protocol tells them apart: its status in HTTP, and the name of its code in gRPC. */
    public enum Kind {
        INVALID_ARGUMENT(400),
        NOT_FOUND(404),
        TOO_LARGE(413),
        INTERNAL(500),
        UNIMPLEMENTED(501),
        UNAVAILABLE(503),
        DEADLINE_EXCEEDED(504);

        private final int status;

        Kind(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }
    }

    public static Failure of(Kind kind, String message) {
        return new Failure(kind, message, null);
    }

    /** The words are those that clients of other servers know. */
    public static Failure refused(Refusal refusal) {
        String message = switch (refusal) {
            case DRAINING -> "this worker takes no requests";
            case SATURATED -> "Exceeds maximum queue size";
            case WRONG_DIGEST -> "this worker runs another model version";
            case EXPIRED -> "Request timeout expired";
        };
        return new Failure(Kind.UNAVAILABLE, message, refusal);
    }
}
