package dev.teal.gateway.grpc;

import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.forward.MessageInference;
import dev.teal.gateway.route.domain.Endpoint;
import dev.teal.protocol.Color;
import dev.teal.protocol.TealHeaders;
import dev.teal.protocol.grpc.Messages;
import dev.teal.protocol.grpc.ModelInferRequest;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RequestBody;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** {@code ModelInfer} and each message of {@code ModelStreamInfer}. Of a message only the model's name and version are read here. */
final class InferMethod {

    private final Callers callers;
    private final MessageInference inference;

    InferMethod(Callers callers, MessageInference inference) {
        this.callers = callers;
        this.inference = inference;
    }

    /** Why a call goes no further, before its message is taken. */
    Optional<Told.Ended> atTheDoor(ServerCall<?, ?> call, Metadata head) {
        return callers.atTheDoor(head, Peers.of(call));
    }

    Mono<Told> answer(Asked asked) {
        ModelInferRequest.Target target;
        try {
            target = ModelInferRequest.targetOf(RequestBody.of(asked.message()));
        } catch (InvalidInference e) {
            return Mono.just(Told.ended(Status.INVALID_ARGUMENT.withDescription(e.getMessage())));
        }
        return callers.inference(asked, target.model(), endpoint -> infer(asked, endpoint, target.version()));
    }

    /** The same as a message of the stream. */
    Mono<Told> streamed(Asked asked) {
        return answer(asked)
                .map(told -> told instanceof Told.Message(var message, var head)
                        ? new Told.Message(Messages.streamed(message), head)
                        : told);
    }

    private Mono<Told> infer(Asked asked, Endpoint endpoint, @Nullable String version) {
        String color = asked.text(Asked.COLOR);
        Optional<Color> wanted = color == null ? Optional.empty() : Color.of(color);
        if (color != null && wanted.isEmpty()) {
            return Mono.just(Told.ended(Answer.Failure.badRequest(TealHeaders.COLOR + " must be blue or green")));
        }
        long deadlineMillis;
        try {
            deadlineMillis = deadlineMillis(asked);
        } catch (NumberFormatException e) {
            return Mono.just(Told.ended(Answer.Failure.badRequest(
                    TealHeaders.DEADLINE_MILLIS + " must be a whole number of milliseconds, 1 or more")));
        }
        return inference
                .answer(new MessageInference.Request(
                        endpoint,
                        wanted.orElse(null),
                        version,
                        deadlineMillis,
                        asked.message(),
                        TealHeaders.MESSAGE_TYPE,
                        asked.text(Asked.TRACEPARENT),
                        asked.text(Asked.TRACESTATE)))
                .map(answered -> told(answered, endpoint));
    }

    private static Told told(MessageInference.Answered answered, Endpoint endpoint) {
        if (answered.environment() != null) {
            return Told.routed(answered.answer(), endpoint, answered.environment());
        }
        return switch (answered.answer()) {
            case Answer.Failure failure -> Told.ended(failure);
            case Answer.FromWorker worker -> Told.ended(Told.status(worker.status()));
        };
    }

    private static long deadlineMillis(Asked asked) {
        String text = asked.text(Asked.DEADLINE_MILLIS);
        long millis = text == null ? Long.MAX_VALUE : Long.parseLong(text.trim());
        if (millis < 1) {
            throw new NumberFormatException(text);
        }
        return Math.min(millis, asked.remainingMillis());
    }
}
