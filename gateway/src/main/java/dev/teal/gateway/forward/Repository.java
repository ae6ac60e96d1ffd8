package dev.teal.gateway.forward;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.answer.Answers;
import dev.teal.gateway.answer.Outcome;
import dev.teal.gateway.route.domain.DataPath;
import dev.teal.gateway.route.domain.Endpoint;
import dev.teal.gateway.route.domain.Endpoint.Availability;
import dev.teal.protocol.Json;
import dev.teal.protocol.oip.RepositoryEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The protocol's model repository: the endpoints may be listed, and what is loaded is the platform's business. */
public final class Repository {
    private static final long INDEX_LIMIT_BYTES = 64 * 1024;
    private static final Duration INDEX_TIME = Duration.ofSeconds(10);

    private final Bodies bodies;

    Repository(Bodies bodies) {
        this.bodies = bodies;
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Row(
            String name,
            @Nullable String version,
            Availability state,
            @Nullable String reason) {}

    /** The question does not say what it must. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unreadable(String reason) {
            super(reason, null, false, false);
        }
    }

    Mono<Void> index(ServerHttpRequest request, ServerHttpResponse response, Collection<Endpoint> endpoints) {
        return bodies.read(request, INDEX_LIMIT_BYTES, INDEX_TIME)
                .map(body -> {
                    bodies.done(body);
                    return rows(endpoints, readyOnly(body));
                })
                .flatMap(rows -> Answers.json(response, 200, rows))
                .onErrorResume(problem -> Answers.write(response, refusal(problem)));
    }

    private Answer.Failure refusal(Throwable problem) {
        return problem instanceof Unreadable
                ? Answer.Failure.badRequest(String.valueOf(problem.getMessage()))
                : bodies.refusal(
                        problem,
                        new Answer.Failure(
                                413,
                                Outcome.REJECTED,
                                "a question for the index has " + INDEX_LIMIT_BYTES + " bytes at most",
                                0));
    }

    private static boolean readyOnly(byte[] body) {
        if (body.length == 0) {
            return false;
        }
        JsonNode question;
        try {
            question = Json.MAPPER.readTree(body);
        } catch (JacksonException e) {
            throw new Unreadable("failed to parse the request JSON; send {\"ready\":true} or nothing");
        }
        if (!question.isObject()) {
            throw new Unreadable("the request must be a JSON object; send {\"ready\":true} or nothing");
        }
        JsonNode ready = question.path("ready");
        if (!ready.isMissingNode() && !ready.isBoolean()) {
            throw new Unreadable("'ready' must be true or false");
        }
        return ready.asBoolean(false);
    }

    private static List<Row> rows(Collection<Endpoint> endpoints, boolean readyOnly) {
        List<Row> rows = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            if (endpoint.versions().isEmpty()) {
                rows.add(new Row(
                        endpoint.name(),
                        null,
                        Availability.UNAVAILABLE,
                        "no version is in an environment yet; look at the endpoint's rollouts"));
            }
            for (String version : endpoint.versions()) {
                Availability state = endpoint.availability(version).orElse(Availability.UNAVAILABLE);
                rows.add(new Row(
                        endpoint.name(),
                        version,
                        state,
                        state == Availability.UNAVAILABLE ? "it is being taken out of service" : null));
            }
        }
        rows.removeIf(row -> readyOnly && row.state() != Availability.READY);
        return rows;
    }

    /** The same, of gRPC's form. */
    public static List<RepositoryEntry> entries(Collection<Endpoint> endpoints, boolean readyOnly) {
        return rows(endpoints, readyOnly).stream()
                .map(row -> new RepositoryEntry(
                        row.name(),
                        Objects.requireNonNullElse(row.version(), ""),
                        row.state().name(),
                        Objects.requireNonNullElse(row.reason(), "")))
                .toList();
    }

    static Answer.Failure refusal(DataPath.RepositoryModel path) {
        String control = path.control().name().toLowerCase(Locale.ROOT);
        return Answer.Failure.badRequest("failed to " + control + " '" + path.endpoint()
                + "', explicit model load / unload is not allowed: models are loaded when they are called and unloaded when they are idle. "
                + switch (path.control()) {
                    case LOAD ->
                        "To serve a version, roll it out: POST /api/v1/endpoints/" + path.endpoint()
                                + "/rollouts on the platform's API";
                    case UNLOAD ->
                        "To take it out of service, delete the endpoint: DELETE /api/v1/endpoints/" + path.endpoint()
                                + " on the platform's API";
                });
    }
}
