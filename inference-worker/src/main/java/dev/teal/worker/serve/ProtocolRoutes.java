package dev.teal.worker.serve;

import dev.teal.protocol.TealHeaders;
import dev.teal.protocol.oip.ModelConfiguration;
import dev.teal.protocol.oip.ModelStatistics;
import dev.teal.worker.run.Description;
import dev.teal.worker.run.Description.Loaded;
import dev.teal.worker.run.Desk;
import dev.teal.worker.run.Inference;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The inference socket: the Open Inference Protocol for one model version, path by path. */
public final class ProtocolRoutes implements Routes {
    private static final int MAX_PATH_SEGMENTS = 8;
    private static final HttpHeaders NONE = Answers.headers();

    private final Description description;
    private final InferenceRoutes inference;
    private final RepositoryRoutes repository;

    public ProtocolRoutes(Description description, Desk desk) {
        this.description = description;
        this.inference = new InferenceRoutes(desk);
        this.repository = new RepositoryRoutes(description);
    }

    @Override
    public void answer(Exchange exchange) {
        try {
            route(exchange);
        } catch (IllegalArgumentException e) {
            Answers.error(exchange, HttpResponseStatus.BAD_REQUEST, "the path is not percent-encoded as it should be");
        }
    }

    private void route(Exchange exchange) {
        String[] path = exchange.path().split("/", MAX_PATH_SEGMENTS);
        if (path.length < 2 || !path[1].equals("v2")) {
            Answers.notFound(exchange);
        } else if (path.length == 2) {
            server(exchange);
        } else {
            switch (path[2]) {
                case "models" -> models(exchange, path);
                case "health" -> health(exchange, path);
                case "repository" -> repository.answer(exchange, path);
                default -> Answers.notFound(exchange);
            }
        }
    }

    private void server(Exchange exchange) {
        if (Answers.requireMethod(exchange, HttpMethod.GET)) {
            Answers.ok(exchange, description.server());
        }
    }

    private void health(Exchange exchange, String[] path) {
        String what = path.length == 4 ? path[3] : "";
        if (!what.equals("live") && !what.equals("ready")) {
            Answers.notFound(exchange);
        } else if (Answers.requireMethod(exchange, HttpMethod.GET)) {
            boolean well = what.equals("live") ? description.live() : ready(exchange);
            exchange.respond(InferenceRoutes.status(well), Answers.json(Map.of(what, well)), null);
        }
    }

    /** The digest asked for, if one is, must be the one that runs: a gateway checks its way to it with this. */
    private boolean ready(Exchange exchange) {
        String digest = exchange.header(TealHeaders.DIGEST);
        return description.ready()
                && description
                        .loaded()
                        .filter(now -> digest == null || digest.equals(now.digest()))
                        .isPresent();
    }

    private void models(Exchange exchange, String[] path) {
        if (path.length == 4 && path[3].equals("stats")) {
            whereServed(exchange, null, null, _ -> statistics(exchange));
            return;
        }
        boolean versioned = path.length >= 6 && path[4].equals("versions");
        int length = path.length - (versioned ? 2 : 0);
        String verb = length == 5 ? path[path.length - 1] : "";
        if (path.length < 4 || path[3].isEmpty() || length > 5 || length == 5 && verb.isEmpty()) {
            Answers.notFound(exchange);
            return;
        }
        String name = decoded(path[3]);
        String version = versioned ? decoded(path[5]) : null;
        switch (verb) {
            case "infer" -> inference.infer(exchange, name, version);
            case "" -> whereServed(exchange, name, version, now -> Answers.ok(exchange, metadata(now)));
            case "ready" -> whereServed(exchange, name, version, _ -> modelReady(exchange, name));
            case "config" -> whereServed(exchange, name, version, now -> Answers.ok(exchange, now.configuration()));
            case "stats" -> whereServed(exchange, name, version, _ -> statistics(exchange));
            default -> Answers.notFound(exchange);
        }
    }

    /** A plus in a path is itself; only in a query is it a space. */
    private static String decoded(String segment) {
        return QueryStringDecoder.decodeComponent(segment.replace("+", "%2B"));
    }

    /** @param name null: whatever is served */
    private void whereServed(
            Exchange exchange, @Nullable String name, @Nullable String version, Consumer<Loaded> then) {
        if (!Answers.requireMethod(exchange, HttpMethod.GET)) {
            return;
        }
        Loaded now = description.loaded().orElse(null);
        if (now == null) {
            Answers.fail(exchange, InferenceRoutes.nothingServed(), NONE);
        } else if (name != null && !now.isCalled(name, version)) {
            Answers.fail(exchange, Inference.unknown(name, version), NONE);
        } else {
            then.accept(now);
        }
    }

    private static Map<String, Object> metadata(Loaded now) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", now.name());
        metadata.put("versions", List.of(now.version()));
        metadata.put("platform", ModelConfiguration.PLATFORM);
        metadata.put("inputs", now.signature().inputs());
        metadata.put("outputs", now.signature().outputs());
        return metadata;
    }

    private void modelReady(Exchange exchange, String name) {
        boolean ready = ready(exchange);
        exchange.respond(InferenceRoutes.status(ready), Answers.json(Map.of("name", name, "ready", ready)), null);
    }

    private void statistics(Exchange exchange) {
        Answers.ok(
                exchange,
                new ModelStatistics.Listing(
                        description.statistics().map(List::of).orElse(List.of())));
    }
}
