package dev.teal.gateway.workers;

import dev.teal.protocol.Refusal;
import org.jspecify.annotations.Nullable;

/** How one call to one worker ended. */
public sealed interface WorkerReply {
    record Answered(
            int status,
            @Nullable String contentType,
            @Nullable String inferenceHeaderLength,
            byte[] body) implements WorkerReply {}

    /** It has not begun: safe to send elsewhere. */
    record Refused(Refusal refusal) implements WorkerReply {}

    /** It could not be connected to, so it has not begun either. */
    record NotReached(String reason) implements WorkerReply {}

    /** The connection broke after the request was on its way and before the first byte of the response. */
    record Died(String reason) implements WorkerReply {}

    /** The connection broke within the response, or the response is not to be passed on. */
    record Broken(String reason) implements WorkerReply {}
}
