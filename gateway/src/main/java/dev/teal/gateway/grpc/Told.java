package dev.teal.gateway.grpc;

import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.route.domain.Endpoint;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.EnvironmentState;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** What a client is told. */
sealed interface Told {
    Logger log = LoggerFactory.getLogger(Told.class);
    Metadata.Key<String> RETRY_PUSHBACK = Asked.key("grpc-retry-pushback-ms");

    /** @param head what it was routed by; empty where it was not */
    record Message(byte[] message, Metadata head) implements Told {}

    /** @param trailers that go with the status */
    record Ended(Status status, Metadata trailers) implements Told {}

    static Told message(byte[] message) {
        return new Message(message, new Metadata());
    }

    static Ended ended(Answer.Failure failure) {
        Metadata trailers = new Metadata();
        if (failure.retryAfterSeconds() > 0) {
            trailers.put(RETRY_PUSHBACK, Long.toString(failure.retryAfterSeconds() * 1_000));
        }
        return new Ended(status(failure.status()).withDescription(failure.reason()), trailers);
    }

    static Ended ended(Status status) {
        return new Ended(status, new Metadata());
    }

    /** The gateway's own fault, which is logged here. */
    static Ended failed(Throwable problem) {
        log.atError().setCause(problem).log("RPC failed within the gateway");
        return ended(Status.INTERNAL.withDescription("the gateway failed; see its log"));
    }

    static Ended noMessage() {
        return ended(Status.INTERNAL.withDescription("the request has no message"));
    }

    static Ended secondMessage() {
        return ended(Status.INTERNAL.withDescription("this method takes one message, and got another"));
    }

    /** Of a request that was routed to an environment. */
    static Told routed(Answer answer, Endpoint endpoint, EnvironmentState environment) {
        Metadata head = mark(endpoint, environment);
        return switch (answer) {
            case Answer.FromWorker worker when worker.status() == 200 -> new Message(worker.body(), head);
            case Answer.FromWorker worker ->
                new Ended(status(worker.status()).withDescription(reason(worker.body())), head);
            case Answer.Failure failure -> {
                Ended ended = ended(failure);
                head.merge(ended.trailers());
                yield new Ended(ended.status(), head);
            }
        };
    }

    static Metadata mark(Endpoint endpoint, EnvironmentState environment) {
        Metadata head = new Metadata();
        head.put(Asked.COLOR, environment.color().lowerCase());
        head.put(Asked.key("teal-version"), environment.version());
        head.put(Asked.key("teal-generation"), Long.toString(endpoint.generation()));
        head.put(Asked.key("teal-digest"), environment.digest());
        return head;
    }

    private static String reason(byte[] body) {
        try {
            return Json.MAPPER.readTree(body).path("error").asString("the worker failed without a reason");
        } catch (JacksonException e) {
            return new String(body, 0, Math.min(body.length, 1_000), StandardCharsets.UTF_8);
        }
    }

    /** A worker that died of a request is INTERNAL: a client that repeats UNAVAILABLE by itself must not repeat that. */
    static Status status(int http) {
        return switch (http) {
            case 400, 405 -> Status.INVALID_ARGUMENT;
            case 401 -> Status.UNAUTHENTICATED;
            case 404 -> Status.NOT_FOUND;
            case 408, 504 -> Status.DEADLINE_EXCEEDED;
            case 413, 429 -> Status.RESOURCE_EXHAUSTED;
            case 415, 501 -> Status.UNIMPLEMENTED;
            case 503 -> Status.UNAVAILABLE;
            default -> http >= 500 ? Status.INTERNAL : Status.UNKNOWN;
        };
    }
}
