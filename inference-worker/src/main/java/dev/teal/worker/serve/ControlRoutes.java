package dev.teal.worker.serve;

import dev.teal.protocol.Json;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.DrainRequest;
import dev.teal.protocol.worker.WorkerStatus;
import dev.teal.worker.life.Life;
import dev.teal.worker.network.NetworkLoop;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** The control socket: what the fleet says to its worker. */
public final class ControlRoutes implements Routes {
    private static final long LONG_POLL_MILLIS = 20_000;
    private static final int MAX_BODY_BYTES = 1 << 20;

    private final Life life;
    private final Consumer<Assignment> assigned;
    private final Runnable emptied;
    private final Runnable stop;
    private final Supplier<String> metrics;

    /**
     * @param assigned begins to prove what the life has taken; must not block
     * @param emptied takes the model away that holds nothing any more; may block
     * @param stop exits now
     */
    public ControlRoutes(
            Life life, Consumer<Assignment> assigned, Runnable emptied, Runnable stop, Supplier<String> metrics) {
        this.life = life;
        this.assigned = assigned;
        this.emptied = emptied;
        this.stop = stop;
        this.metrics = metrics;
    }

    @Override
    public void answer(Exchange exchange) {
        answering(exchange, () -> {
            switch (exchange.path()) {
                case "/worker/v1/status" -> status(exchange);
                case "/worker/v1/assignment" -> assign(exchange);
                case "/worker/v1/drain" -> drain(exchange);
                case "/worker/v1/unload" -> unload(exchange);
                case "/worker/v1/stop" -> stop(exchange);
                case "/metrics" -> metrics(exchange);
                case "/health" -> health(exchange);
                default -> Answers.notFound(exchange);
            }
        });
    }

    private static void answering(Exchange exchange, Runnable answer) {
        try {
            answer.run();
        } catch (JacksonException e) {
            badRequest(exchange, e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            badRequest(exchange, e.getMessage());
        }
    }

    private static void badRequest(Exchange exchange, @Nullable String why) {
        Answers.error(exchange, HttpResponseStatus.BAD_REQUEST, "the request cannot be read: " + why);
    }

    private void status(Exchange exchange) {
        if (!Answers.requireMethod(exchange, HttpMethod.GET)) {
            return;
        }
        String after = exchange.query("after");
        CompletableFuture<WorkerStatus> changed = life.statusAfter(after == null ? 0 : Long.parseLong(after));
        exchange.onEnd(() -> changed.cancel(false));
        exchange.after(LONG_POLL_MILLIS, () -> Answers.ok(exchange, life.status()));
        changed.thenAccept(status -> NetworkLoop.telling(() -> Answers.ok(exchange, status)));
    }

    private void assign(Exchange exchange) {
        if (!Answers.requireMethod(exchange, HttpMethod.POST)) {
            return;
        }
        withBody(exchange, body -> {
            Assignment assignment = Json.MAPPER.readValue(body, Assignment.class);
            if (life.assign(assignment)) {
                exchange.respond(HttpResponseStatus.ACCEPTED, Answers.json(life.status()), null);
                assigned.accept(assignment);
            } else {
                Answers.error(exchange, HttpResponseStatus.CONFLICT, "this worker has an assignment, or is going");
            }
        });
    }

    private void withBody(Exchange exchange, Consumer<byte[]> then) {
        exchange.take(
                MAX_BODY_BYTES,
                Body.Taker.ofBytes(
                        body -> answering(exchange, () -> then.accept(body)),
                        () -> Answers.error(
                                exchange,
                                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                                "the request is larger than " + MAX_BODY_BYTES + " bytes; send less at once")));
    }

    private void drain(Exchange exchange) {
        if (!Answers.requireMethod(exchange, HttpMethod.POST)) {
            return;
        }
        withBody(exchange, body -> drain(exchange, body));
    }

    private void drain(Exchange exchange, byte[] body) {
        long idleMillis = body.length == 0
                ? 0
                : Json.MAPPER.readValue(body, DrainRequest.class).idleMillis();
        if (idleMillis < 0) {
            throw new IllegalArgumentException("idleMillis must be 0 or more, got " + idleMillis);
        }
        if (life.drain(idleMillis)) {
            Answers.ok(exchange, life.status());
        } else {
            Answers.error(
                    exchange,
                    HttpResponseStatus.CONFLICT,
                    "this worker holds work, or was used within " + idleMillis + " ms");
        }
    }

    private void unload(Exchange exchange) {
        if (!Answers.requireMethod(exchange, HttpMethod.POST)) {
            return;
        }
        Optional<CompletableFuture<Void>> empty = life.unload();
        if (empty.isPresent()) {
            exchange.respond(HttpResponseStatus.ACCEPTED, Answers.json(life.status()), null);
            empty.get().thenRun(() -> NetworkLoop.telling(emptied));
        } else {
            Answers.error(exchange, HttpResponseStatus.CONFLICT, "this worker has no model that is ready");
        }
    }

    private void stop(Exchange exchange) {
        if (Answers.requireMethod(exchange, HttpMethod.POST)) {
            exchange.onEnd(stop);
            exchange.respond(HttpResponseStatus.ACCEPTED, Answers.json(Map.of()), null);
        }
    }

    private void metrics(Exchange exchange) {
        if (Answers.requireMethod(exchange, HttpMethod.GET)) {
            exchange.respond(
                    HttpResponseStatus.OK,
                    Unpooled.wrappedBuffer(metrics.get().getBytes(StandardCharsets.UTF_8)),
                    Answers.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"));
        }
    }

    private static void health(Exchange exchange) {
        if (Answers.requireMethod(exchange, HttpMethod.GET)) {
            Answers.ok(exchange, Map.of("status", "UP"));
        }
    }
}
