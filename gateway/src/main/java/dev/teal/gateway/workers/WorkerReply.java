package dev.teal.gateway.workers;

import dev.teal.gateway.answer.Pieces;
import dev.teal.protocol.Refusal;
import java.util.Map;

/** How one call to one worker ended. */
public sealed interface WorkerReply {
    /** @param head of its headers those that go back to the caller */
    record Answered(int status, Map<String, String> head, Pieces pieces) implements WorkerReply {}

    /** It has not begun: safe to send elsewhere. */
    record Refused(Refusal refusal) implements WorkerReply {}

    /** It could not be connected to, so it has not begun either. */
    record NotReached(String reason) implements WorkerReply {}

    /** The connection broke after the request was on its way and before the first byte of the response. */
    record Died(String reason) implements WorkerReply {}

    /** The connection broke within the response, or it is none. */
    record Broken(String reason) implements WorkerReply {}

    /** It answers with more than may be passed on. The rest has not been read. */
    record Oversized(long atLeastBytes, long limitBytes) implements WorkerReply {}

    /** It answers, and there is no memory for that here. */
    record NoMemory() implements WorkerReply {}
}
