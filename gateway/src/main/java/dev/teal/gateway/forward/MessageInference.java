package dev.teal.gateway.forward;

import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.report.Traffic;
import dev.teal.gateway.route.domain.Endpoint;
import dev.teal.gateway.workers.InferRequest;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.EnvironmentState;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Inference requests that came as whole messages, whose memory is counted by then; from there on they go the way of all others. */
public final class MessageInference {
    private final Forwarder forwarder;
    private final Traffic traffic;
    private final RandomGenerator random;

    /**
     * A request.
     *
     * @param color asked for by the caller, or null
     * @param version asked for by the caller, or null
     * @param deadlineMillis the caller's; more than the endpoint's is the endpoint's
     * @param type of the message, as a worker is told it
     * @param traceparent the caller's, or null
     */
    public record Request(
            Endpoint endpoint,
            @Nullable Color color,
            @Nullable String version,
            long deadlineMillis,
            byte[] message,
            String type,
            @Nullable String traceparent,
            @Nullable String tracestate) {}

    /** @param environment that it was routed to; null where it was refused before */
    public record Answered(Answer answer, @Nullable EnvironmentState environment) {}

    public MessageInference(Forwarder forwarder, Traffic traffic, RandomGenerator random) {
        this.forwarder = forwarder;
        this.traffic = traffic;
        this.random = random;
    }

    /** Always ends in an answer; cancelling takes the request off its worker or out of the line. */
    public Mono<Answered> answer(Request request) {
        Endpoint endpoint = request.endpoint();
        return switch (endpoint.pick(request.color(), request.version(), random)) {
            case Endpoint.Pick.To(var environment, var live) -> {
                long now = forwarder.now();
                long millis =
                        Math.min(request.deadlineMillis(), endpoint.limits().requestDeadlineMillis());
                Ticket ticket = new Ticket(endpoint, environment, live, now, now + millis * 1_000_000);
                yield admitted(request, ticket).map(answer -> answered(answer, ticket));
            }
            case Endpoint.Pick.Refusal refusal -> Mono.just(new Answered(Inference.failure(endpoint, refusal), null));
        };
    }

    private Mono<Answer> admitted(Request request, Ticket ticket) {
        byte[] message = request.message();
        long limitBytes = ticket.endpoint().limits().bodyLimitBytes();
        if (message.length > limitBytes) {
            return Mono.just(Answer.Failure.tooLarge(limitBytes));
        }
        boolean traced = TraceContext.valid(request.traceparent());
        InferRequest inference = new InferRequest(
                ticket.endpoint().inferPath(),
                ticket.environment().digest(),
                ticket.endpoint().generation(),
                message,
                Map.of("Content-Type", request.type()),
                traced && request.traceparent() != null ? request.traceparent() : TraceContext.begin(random),
                traced ? request.tracestate() : null);
        return forwarder.forward(ticket, inference);
    }

    private Answered answered(Answer answer, Ticket ticket) {
        traffic.answered(
                ticket.endpoint().name(),
                ticket.endpoint().generation(),
                ticket.environment().color(),
                ticket.live(),
                answer,
                forwarder.now() - ticket.arrivedNanos());
        return new Answered(answer, ticket.environment());
    }
}
