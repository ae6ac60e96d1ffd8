package dev.teal.gateway.forward;

import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.answer.AnswerMemory;
import dev.teal.gateway.answer.Answers;
import dev.teal.gateway.answer.Outcome;
import dev.teal.gateway.report.Traffic;
import dev.teal.gateway.route.domain.DataPath;
import dev.teal.gateway.route.domain.Endpoint;
import dev.teal.gateway.workers.InferRequest;
import dev.teal.protocol.TealHeaders;
import java.util.random.RandomGenerator;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/** One inference request: color, generation and deadline are fixed, the body is read, a worker answers. */
final class Inference {
    private final Forwarder forwarder;
    private final Bodies bodies;
    private final Traffic traffic;
    private final RandomGenerator random;

    Inference(Forwarder forwarder, Bodies bodies, Traffic traffic, RandomGenerator random) {
        this.forwarder = forwarder;
        this.bodies = bodies;
        this.traffic = traffic;
        this.random = random;
    }

    Mono<Void> answer(ServerHttpRequest request, ServerHttpResponse response, Endpoint endpoint, DataPath.Model path) {
        long arrivedNanos = forwarder.now();
        InferenceHead head = new InferenceHead(request.getHeaders());
        String encoding = head.unreadableEncoding();
        if (encoding != null) {
            response.getHeaders().set(HttpHeaders.ACCEPT_ENCODING, InferenceHead.ENCODINGS);
            return Answers.write(
                    response,
                    Answer.Failure.notImplemented("Unsupported Content-Encoding: '" + encoding + "'; send "
                            + InferenceHead.ENCODINGS + " or plain"));
        }
        Answer.Failure refusal = head.refusal(endpoint);
        if (refusal != null) {
            return Answers.write(response, refusal);
        }
        return switch (endpoint.pick(head.color(), path.version(), random)) {
            case Endpoint.Pick.To(var environment, var live) -> {
                long deadlineNanos = arrivedNanos + head.deadlineMillis(endpoint) * 1_000_000;
                Answers.mark(response, endpoint.generation(), environment);
                yield serve(request, response, new Ticket(endpoint, environment, live, arrivedNanos, deadlineNanos));
            }
            case Endpoint.Pick.Refusal nowhere -> Answers.write(response, failure(endpoint, nowhere));
        };
    }

    /** Why a request goes nowhere. */
    static Answer.Failure failure(Endpoint endpoint, Endpoint.Pick.Refusal nowhere) {
        return switch (nowhere) {
            case Endpoint.Pick.NoSuchVersion(var version, var versions) ->
                Discovery.noSuchVersion(endpoint.name(), version, versions);
            case Endpoint.Pick.Empty(var empty) ->
                Answer.Failure.notFound("the " + empty.lowerCase() + " environment of '" + endpoint.name()
                        + "' is empty; leave out " + TealHeaders.COLOR + " to reach the live one");
            case Endpoint.Pick.Draining(var draining) ->
                Answer.Failure.unavailable(
                        Outcome.UNAVAILABLE,
                        "the " + draining.lowerCase() + " environment of '" + endpoint.name()
                                + "' is draining; leave out " + TealHeaders.COLOR + " to reach the live one",
                        1);
            case Endpoint.Pick.NothingLive() -> Discovery.nothingLive(endpoint.name());
        };
    }

    private Mono<Void> serve(ServerHttpRequest request, ServerHttpResponse response, Ticket ticket) {
        long limitBytes = ticket.endpoint().limits().bodyLimitBytes();
        AnswerMemory.Hold hold = forwarder.hold();
        return bodies.read(request, limitBytes, ticket.remaining(forwarder.now()))
                .flatMap(
                        bytes -> forward(request, response, ticket, bytes, hold).doFinally(_ -> bodies.done(bytes)))
                .onErrorResume(problem -> Mono.just(bodies.refusal(problem, Answer.Failure.tooLarge(limitBytes))))
                .flatMap(answer -> {
                    traffic.answered(
                            ticket.endpoint().name(),
                            ticket.endpoint().generation(),
                            ticket.environment().color(),
                            ticket.live(),
                            answer,
                            forwarder.now() - ticket.arrivedNanos());
                    return Answers.write(response, answer);
                })
                .doFinally(_ -> hold.close());
    }

    private Mono<Answer> forward(
            ServerHttpRequest request,
            ServerHttpResponse response,
            Ticket ticket,
            byte[] body,
            AnswerMemory.Hold hold) {
        HttpHeaders headers = request.getHeaders();
        InferenceHead head = new InferenceHead(headers);
        if (body.length == 0 && !head.mayBeEmpty()) {
            return Mono.just(Answer.Failure.badRequest("the body is empty; send an inference request as JSON"));
        }
        Answer.Failure misfit = head.misfit(body.length);
        if (misfit != null) {
            return Mono.just(misfit);
        }
        if (head.plainJson() && Hint.wouldBinaryHelp(body)) {
            response.getHeaders().set(TealHeaders.HINT, Hint.TEXT);
        }
        String traceparent = headers.getFirst("traceparent");
        boolean traced = TraceContext.valid(traceparent);
        InferRequest inference = new InferRequest(
                ticket.endpoint().inferPath(),
                ticket.environment().digest(),
                ticket.endpoint().generation(),
                body,
                head.passed(),
                traced && traceparent != null ? traceparent : TraceContext.begin(random),
                traced ? headers.getFirst("tracestate") : null);
        return forwarder.forward(ticket, inference, hold);
    }
}
