package dev.teal.gateway.answer;

import dev.teal.protocol.Json;
import dev.teal.protocol.TealHeaders;
import dev.teal.protocol.cell.EnvironmentState;
import java.util.List;
import java.util.Map;
import org.springframework.core.io.buffer.DataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes answers: the worker's bytes as they came, errors as {@code {"error": "…"}}. */
public final class Answers {
    private static final String JSON = "application/json";

    private Answers() {}

    /** Marks a response with what it was routed by. */
    public static void mark(ServerHttpResponse response, long generation, EnvironmentState environment) {
        HttpHeaders head = response.getHeaders();
        head.set(TealHeaders.COLOR, environment.color().lowerCase());
        head.set(TealHeaders.VERSION, environment.version());
        head.set(TealHeaders.GENERATION, Long.toString(generation));
        head.set(TealHeaders.DIGEST, environment.digest());
    }

    public static Mono<Void> write(ServerHttpResponse response, Answer answer) {
        return switch (answer) {
            case Answer.FromWorker(var status, var head, var pieces) -> {
                head.forEach(response.getHeaders()::set);
                yield write(response, status, head.getOrDefault(HttpHeaders.CONTENT_TYPE, JSON), pieces);
            }
            case Answer.Failure failure -> failure(response, failure);
        };
    }

    private static Mono<Void> failure(ServerHttpResponse response, Answer.Failure failure) {
        HttpHeaders head = response.getHeaders();
        if (failure.retryAfterSeconds() > 0) {
            head.set(HttpHeaders.RETRY_AFTER, Long.toString(failure.retryAfterSeconds()));
        }
        if (failure.status() == 401) {
            head.set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        if (failure.status() == 408 || failure.status() == 413) {
            // What is left of the body is not worth reading
            head.set(HttpHeaders.CONNECTION, "close");
        }
        return json(response, failure.status(), Map.of("error", failure.reason()));
    }

    public static Mono<Void> json(ServerHttpResponse response, int status, Object value) {
        return write(response, status, JSON, new Pieces(List.of(Json.MAPPER.writeValueAsBytes(value))));
    }

    private static Mono<Void> write(ServerHttpResponse response, int status, String type, Pieces pieces) {
        response.setStatusCode(HttpStatusCode.valueOf(status));
        HttpHeaders head = response.getHeaders();
        head.set(HttpHeaders.CONTENT_TYPE, type);
        head.setContentLength(pieces.bytes());
        DataBufferFactory buffers = response.bufferFactory();
        return pieces.list().size() > 1
                ? response.writeWith(Flux.fromIterable(pieces.list()).map(buffers::wrap))
                : response.writeWith(Mono.just(buffers.wrap(pieces.joined())));
    }
}
