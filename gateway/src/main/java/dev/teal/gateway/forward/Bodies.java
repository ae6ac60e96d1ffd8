package dev.teal.gateway.forward;

import dev.teal.gateway.admission.Body;
import dev.teal.gateway.admission.BodyMemory;
import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.timing.Timers;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.springframework.http.server.reactive.AbstractServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequest;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;
import reactor.netty.http.server.HttpServerRequest;

/** Reads bodies within the process's memory. A client that waits to be asked for its body is asked when it is read, not before. */
public final class Bodies {
    private final BodyMemory memory;
    private final Timers timers;
    private final int chunkLimit;

    /** @param chunkLimit most chunks of one body */
    public Bodies(BodyMemory memory, Timers timers, int chunkLimit) {
        this.memory = memory;
        this.timers = timers;
        this.chunkLimit = chunkLimit;
    }

    /** What it gives is held in memory until {@link #done}; it ends in an error that {@link #refusal} explains. */
    Mono<byte[]> read(ServerHttpRequest request, long limitBytes, Duration within) {
        HttpServerRequest netty = AbstractServerHttpRequest.class.cast(request).getNativeRequest();
        return new Body(
                netty.receive(),
                request.getHeaders().getContentLength(),
                new Body.Limits(limitBytes, chunkLimit),
                memory,
                new Body.Deadline(timers, within, loopOf(netty)));
    }

    void done(byte[] body) {
        memory.give(body.length);
    }

    private static Executor loopOf(HttpServerRequest request) {
        Executor[] loop = {Runnable::run};
        request.withConnection(connection -> loop[0] = connection.channel().eventLoop());
        return loop[0];
    }

    /** Why a body was not read. */
    Answer.Failure refusal(Throwable problem, Answer.Failure tooLarge) {
        return switch (problem) {
            case Body.Refused refused ->
                switch (refused.reason()) {
                    case TOO_LARGE -> tooLarge;
                    case TOO_MANY_CHUNKS -> Answer.Failure.tooManyChunks(chunkLimit);
                    case TOO_SLOW ->
                        Answer.Failure.tooSlow("the body did not arrive before the deadline; send it faster");
                    case LARGER_THAN_MEMORY -> Answer.Failure.largerThanMemory(memory.limitBytes());
                    case NO_MEMORY -> Answer.Failure.noMemory();
                };
            case AbortedException _ -> Answer.Failure.badRequest("the body broke off before its end");
            default -> throw new IllegalStateException("request could not be read", problem);
        };
    }
}
