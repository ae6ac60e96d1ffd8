package dev.teal.gateway.workers;

import dev.teal.protocol.Refusal;
import java.util.Map;

/** How one call to one worker ended. */
public sealed interface WorkerReply {
    /** @param head of its headers those that go back to the caller */
    record Answered(int status, Map<String, String> head, byte[] body) implements WorkerReply {}

    /** It has not begun: safe to send elsewhere. */
    record Refused(Refusal refusal) implements WorkerReply {}

    /** It could not be connected to, so it has not begun either. */
    record NotReached(String reason) implements WorkerReply {}

    /** The connection broke after the request was on its way and before the first byte of the response. */
    record Died(String reason) implements WorkerReply {}

    /** The connection broke within the response, or the response is not to be passed on. */
    record Broken(String reason) implements WorkerReply {}
}
