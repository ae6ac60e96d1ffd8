package dev.teal.gateway.forward;

import dev.teal.gateway.admission.Body;
import dev.teal.gateway.admission.BodyMemory;
import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.answer.Answers;
import dev.teal.gateway.answer.Outcome;
import dev.teal.gateway.report.Traffic;
import dev.teal.gateway.route.domain.DataPath;
import dev.teal.gateway.route.domain.Endpoint;
import dev.teal.gateway.workers.InferRequest;
import dev.teal.protocol.Color;
import dev.teal.protocol.TealHeaders;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;

/** One inference request: color, generation and deadline are fixed, the body is read, a worker answers. */
final class Inference {
    private static final String INFERENCE_HEADER_LENGTH = "Inference-Header-Content-Length";
    private static final String IDENTITY = "identity";

    private static final long MEMORY_RETRY_AFTER_SECONDS = 1;

    private final Forwarder forwarder;
    private final BodyMemory memory;
    private final Traffic traffic;
    private final RandomGenerator random;

    Inference(Forwarder forwarder, BodyMemory memory, Traffic traffic, RandomGenerator random) {
        this.forwarder = forwarder;
        this.memory = memory;
        this.traffic = traffic;
        this.random = random;
    }

    Mono<Void> answer(ServerHttpRequest request, ServerHttpResponse response, Endpoint endpoint, DataPath.Model path) {
        long arrivedNanos = forwarder.now();
        HttpHeaders head = request.getHeaders();
        Answer.Failure rejected = rejection(head, endpoint);
        if (rejected != null) {
            return Answers.write(response, rejected);
        }
        String asked = head.getFirst(TealHeaders.COLOR);
        Color color = asked == null ? null : Color.of(asked).orElse(null);
        return switch (endpoint.pick(color, path.version(), random)) {
            case Endpoint.Pick.To(var environment, var live) -> {
                long deadlineNanos = arrivedNanos + deadlineMillis(head, endpoint) * 1_000_000;
                Answers.mark(response, endpoint.generation(), environment);
                yield serve(request, response, new Ticket(endpoint, environment, live, arrivedNanos, deadlineNanos));
            }
            case Endpoint.Pick.NoSuchVersion(var version, var versions) ->
                Answers.write(response, Discovery.noSuchVersion(endpoint.name(), version, versions));
            case Endpoint.Pick.Empty(var empty) ->
                Answers.write(
                        response,
                        Answer.Failure.notFound("the " + empty.lowerCase() + " environment of '" + endpoint.name()
                                + "' is empty; leave out " + TealHeaders.COLOR + " to reach the live one"));
            case Endpoint.Pick.Draining(var draining) ->
                Answers.write(
                        response,
                        Answer.Failure.unavailable(
                                Outcome.UNAVAILABLE,
                                "the " + draining.lowerCase() + " environment of '" + endpoint.name()
                                        + "' is draining; leave out " + TealHeaders.COLOR + " to reach the live one",
                                1));
            case Endpoint.Pick.NothingLive() -> Answers.write(response, Discovery.nothingLive(endpoint.name()));
        };
    }

    private static Answer.@Nullable Failure rejection(HttpHeaders head, Endpoint endpoint) {
        String encoding = head.getFirst(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase(IDENTITY)) {
            return Answer.Failure.unsupportedEncoding(encoding);
        }
        String color = head.getFirst(TealHeaders.COLOR);
        if (color != null && Color.of(color).isEmpty()) {
            return Answer.Failure.badRequest(TealHeaders.COLOR + " must be blue or green");
        }
        String deadline = head.getFirst(TealHeaders.DEADLINE_MILLIS);
        if (deadline != null && !positive(deadline)) {
            return Answer.Failure.badRequest(
                    TealHeaders.DEADLINE_MILLIS + " must be a whole number of milliseconds, 1 or more");
        }
        return isHopeless(head, endpoint.limits().bodyLimitBytes())
                ? Answer.Failure.tooLarge(endpoint.limits().bodyLimitBytes())
                : null;
    }

    /** Too large to be read to its end, or not sent yet. What is sent already is read first, see {@link Body#LINGER_BYTES}. */
    private static boolean isHopeless(HttpHeaders head, long limitBytes) {
        long announced = head.getContentLength();
        return announced > limitBytes
                && (announced > limitBytes + Body.LINGER_BYTES || head.getFirst(HttpHeaders.EXPECT) != null);
    }

    private static boolean positive(String text) {
        try {
            return Long.parseLong(text.trim()) > 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** The caller may ask for less time than the endpoint gives, never for more. */
    private static long deadlineMillis(HttpHeaders head, Endpoint endpoint) {
        long given = endpoint.limits().requestDeadlineMillis();
        String asked = head.getFirst(TealHeaders.DEADLINE_MILLIS);
        return asked == null ? given : Math.min(given, Long.parseLong(asked.trim()));
    }

    private Mono<Void> serve(ServerHttpRequest request, ServerHttpResponse response, Ticket ticket) {
        return body(request, ticket)
                .flatMap(bytes -> forward(request.getHeaders(), ticket, bytes))
                .onErrorResume(problem -> Mono.just(unread(problem, ticket)))
                .flatMap(answer -> {
                    traffic.answered(
                            ticket.endpoint().name(),
                            ticket.endpoint().generation(),
                            ticket.environment().color(),
                            ticket.live(),
                            answer,
                            forwarder.now() - ticket.arrivedNanos());
                    return Answers.write(response, answer);
                });
    }

    private Mono<byte[]> body(ServerHttpRequest request, Ticket ticket) {
        HttpServerRequest netty = AbstractServerHttpRequest.class.cast(request).getNativeRequest();
        return new Body(
                netty.receive(),
                request.getHeaders().getContentLength(),
                ticket.endpoint().limits().bodyLimitBytes(),
                memory,
                new Body.Deadline(forwarder.timers(), ticket.remaining(forwarder.now()), loopOf(netty)));
    }

    private static Executor loopOf(HttpServerRequest request) {
        Executor[] loop = {Runnable::run};
        request.withConnection(connection -> loop[0] = connection.channel().eventLoop());
        return loop[0];
    }

    private Mono<Answer> forward(HttpHeaders head, Ticket ticket, byte[] body) {
        if (body.length == 0) {
            return Mono.just(Answer.Failure.badRequest("the body is empty; send an inference request as JSON"));
        }
        String traceparent = head.getFirst("traceparent");
        boolean traced = TraceContext.valid(traceparent);
        InferRequest inference = new InferRequest(
                ticket.endpoint().inferPath(),
                ticket.environment().digest(),
                ticket.endpoint().generation(),
                body,
                head.getFirst(HttpHeaders.CONTENT_TYPE),
                head.getFirst(HttpHeaders.ACCEPT),
                head.getFirst(INFERENCE_HEADER_LENGTH),
                traced && traceparent != null ? traceparent : TraceContext.begin(random),
                traced ? head.getFirst("tracestate") : null);
        return forwarder.forward(ticket, inference).doFinally(_ -> memory.give(body.length));
    }

    private static Answer unread(Throwable problem, Ticket ticket) {
        return switch (problem) {
            case Body.TooLarge _ ->
                Answer.Failure.tooLarge(ticket.endpoint().limits().bodyLimitBytes());
            case Body.TooSlow _ ->
                Answer.Failure.tooSlow("the body did not arrive before the deadline; send it faster");
            case Body.NoMemory _ ->
                Answer.Failure.unavailable(
                        Outcome.OVERLOADED,
                        "the gateway holds as many request bytes as it may; try again later",
                        MEMORY_RETRY_AFTER_SECONDS);
            default -> throw new IllegalStateException("request could not be read", problem);
        };
    }
}
