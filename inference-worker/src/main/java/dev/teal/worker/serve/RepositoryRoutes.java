package dev.teal.worker.serve;

import dev.teal.protocol.Json;
import dev.teal.worker.run.Description;
import dev.teal.worker.run.Failure;
import dev.teal.worker.run.Failure.Kind;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The repository extension: what is there is told, what is to be there is not for clients to say. */
final class RepositoryRoutes {
    private static final int MAX_INDEX_BYTES = 4 << 10;
    private static final HttpHeaders NONE = Answers.headers();

    /** Of the load and unload of the repository extension. */
    private static final String LOADING = "failed to do that: the platform loads and unloads models by itself;"
            + " register a version, and roll it out with POST /api/v1/endpoints/{endpoint}/rollouts";

    private final Description description;

    RepositoryRoutes(Description description) {
        this.description = description;
    }

    void answer(Exchange exchange, String[] path) {
        boolean known =
                path.length == 6 && path[3].equals("models") && (path[5].equals("load") || path[5].equals("unload"));
        if (path.length == 4 && path[3].equals("index")) {
            index(exchange);
        } else if (known && Answers.requireMethod(exchange, HttpMethod.POST)) {
            Answers.fail(exchange, Failure.of(Kind.INVALID_ARGUMENT, LOADING), NONE);
        } else if (!known && path.length > 4) {
            Answers.fail(
                    exchange,
                    Failure.of(Kind.UNIMPLEMENTED, "'repository' names are not supported; leave it out"),
                    NONE);
        } else if (!known) {
            Answers.notFound(exchange);
        }
    }

    private void index(Exchange exchange) {
        if (!Answers.requireMethod(exchange, HttpMethod.POST)) {
            return;
        }
        exchange.take(
                MAX_INDEX_BYTES,
                Body.Taker.ofBytes(
                        body -> index(exchange, body),
                        () -> Answers.fail(
                                exchange, Failure.of(Kind.TOO_LARGE, "send {\"ready\": true}, or nothing"), NONE)));
    }

    private void index(Exchange exchange, byte[] body) {
        boolean readyOnly;
        try {
            JsonNode ready = body.length == 0
                    ? Json.MAPPER.missingNode()
                    : Json.MAPPER.readTree(body).path("ready");
            if (!ready.isMissingNode() && !ready.isBoolean()) {
                throw new IllegalArgumentException("'ready' must be true or false");
            }
            readyOnly = ready.asBoolean(false);
        } catch (JacksonException | IllegalArgumentException e) {
            String why = e instanceof JacksonException jackson ? jackson.getOriginalMessage() : e.getMessage();
            Answers.fail(exchange, Failure.of(Kind.INVALID_ARGUMENT, "the request cannot be read: " + why), NONE);
            return;
        }
        Answers.ok(
                exchange,
                description.index(readyOnly).stream()
                        .map(entry -> new IndexRow(entry.name(), entry.version(), entry.state()))
                        .toList());
    }

    private record IndexRow(String name, String version, String state) {}
}
