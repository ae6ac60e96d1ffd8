package dev.teal.gateway.answer;

import java.util.Map;

/** What goes back to a caller. */
public sealed interface Answer {
    int status();

    /**
     * A worker's answer, its body untouched.
     *
     * @param head what goes back of its headers, as they came
     */
    record FromWorker(int status, Map<String, String> head, Pieces pieces) implements Answer {
        /** In one array. */
        public byte[] body() {
            return pieces.joined();
        }
    }

    /**
     * The gateway's own refusal.
     *
     * @param reason a sentence that says what to do
     * @param retryAfterSeconds 0 where trying again does not help
     */
    record Failure(int status, Outcome outcome, String reason, long retryAfterSeconds) implements Answer {
        private static final long MEMORY_RETRY_AFTER_SECONDS = 1;
        private static final long LINE_RETRY_AFTER_SECONDS = 1;

        public static Failure badRequest(String reason) {
            return new Failure(400, Outcome.REJECTED, reason, 0);
        }

        public static Failure unauthorized(String reason) {
            return new Failure(401, Outcome.REJECTED, reason, 0);
        }

        public static Failure notFound(String reason) {
            return new Failure(404, Outcome.REJECTED, reason, 0);
        }

        public static Failure methodNotAllowed() {
            return new Failure(405, Outcome.REJECTED, "Method Not Allowed", 0);
        }

        public static Failure tooSlow(String reason) {
            return new Failure(408, Outcome.REJECTED, reason, 0);
        }

        public static Failure tooLarge(long limitBytes) {
            return new Failure(
                    413,
                    Outcome.REJECTED,
                    "request body is over this endpoint's limit of " + limitBytes
                            + " bytes; send less, or raise bodyLimit in the endpoint's configuration",
                    0);
        }

        public static Failure largerThanMemory(long limitBytes) {
            return new Failure(
                    413,
                    Outcome.REJECTED,
                    "receiving the request takes more than the " + limitBytes
                            + " bytes that all bodies together may hold in this gateway; send less, or raise gateway.body-memory",
                    0);
        }

        public static Failure tooManyChunks(int limit) {
            return new Failure(
                    413,
                    Outcome.REJECTED,
                    "request body came in more than " + limit + " chunks; send larger ones, or a Content-Length",
                    0);
        }

        public static Failure expectation(String expectation) {
            return new Failure(
                    417, Outcome.REJECTED, "expectation '" + expectation + "' is not known; 100-continue is", 0);
        }

        public static Failure tooMany(String reason, long retryAfterSeconds) {
            return new Failure(429, Outcome.OVERLOADED, reason, retryAfterSeconds);
        }

        public static Failure notImplemented(String reason) {
            return new Failure(501, Outcome.REJECTED, reason, 0);
        }

        public static Failure badGateway(Outcome outcome, String reason) {
            return new Failure(502, outcome, reason, 0);
        }

        public static Failure noMemory() {
            return unavailable(
                    Outcome.NO_MEMORY,
                    "the gateway holds as many bytes of requests and answers as it may; try again later",
                    MEMORY_RETRY_AFTER_SECONDS);
        }

        public static Failure lineFull(String endpoint) {
            return unavailable(
                    Outcome.OVERLOADED,
                    "Exceeds maximum queue size: as many requests as may wait for a worker of '" + endpoint
                            + "' are waiting; try again later",
                    LINE_RETRY_AFTER_SECONDS);
        }

        public static Failure unavailable(Outcome outcome, String reason, long retryAfterSeconds) {
            return new Failure(503, outcome, reason, Math.max(1, retryAfterSeconds));
        }

        public static Failure deadline(String reason) {
            return new Failure(504, Outcome.DEADLINE, reason, 0);
        }

        /** To ask again would only make it once more, so this is none of the statuses that clients repeat by themselves. */
        public static Failure answerTooLarge(long atLeastBytes, long limitBytes) {
            return new Failure(
                    500,
                    Outcome.OVERSIZED,
                    "the worker's answer has " + atLeastBytes + " bytes or more, and " + limitBytes
                            + " is the most that the gateway passes on; ask for fewer rows or outputs at once, or raise"
                            + " gateway.response-limit (and gateway.answer-memory, of which one answer has half at most)",
                    0);
        }

        public static Failure noAnswerMemory() {
            return unavailable(
                    Outcome.NO_MEMORY,
                    "the gateway holds as many bytes of answers as it may (gateway.answer-memory), until their callers"
                            + " take them; try again later",
                    MEMORY_RETRY_AFTER_SECONDS);
        }
    }
}
