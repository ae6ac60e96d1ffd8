package dev.teal.worker.serve;

import dev.teal.protocol.Refusal;
import dev.teal.protocol.TealHeaders;
import dev.teal.protocol.worker.WorkerState;
import dev.teal.worker.life.Life;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The inference socket: the Open Inference Protocol for one model version, and the refusals. */
public final class InferenceRoutes implements Routes {
    /** On the worker's own requests to itself, before it is ready: a secret of this process. */
    public static final String PROOF = "Teal-Proof";

    /** Of the protocol's binary extension: what follows the JSON would be taken for a part of it. */
    private static final String BINARY_TENSORS = "Inference-Header-Content-Length";

    private static final int MAX_PATH_SEGMENTS = 8;

    private final Life life;
    private final String proofSecret;
    private volatile @Nullable Serving serving;
    private volatile @Nullable Meters meters;

    public InferenceRoutes(Life life, String proofSecret) {
        this.life = life;
        this.proofSecret = proofSecret;
    }

    /** From now on this is what is served, as soon as the worker's life allows it. */
    public void serve(Serving loaded, Meters measured) {
        meters = measured;
        serving = loaded;
    }

    /** What was served is gone. */
    public void serveNothing() {
        serving = null;
        meters = null;
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
            serverMetadata(exchange);
        } else if (path.length == 4 && path[2].equals("health")) {
            health(exchange, path[3]);
        } else if (path.length >= 4 && path[2].equals("models")) {
            model(exchange, path);
        } else {
            Answers.notFound(exchange);
        }
    }

    private static void serverMetadata(Exchange exchange) {
        if (Answers.requireMethod(exchange, HttpMethod.GET)) {
            Answers.ok(exchange, new ServerMetadata("teal", "0.1.0", List.of()));
        }
    }

    private record ServerMetadata(String name, String version, List<String> extensions) {}

    private void health(Exchange exchange, String what) {
        if (!what.equals("live") && !what.equals("ready")) {
            Answers.notFound(exchange);
        } else if (Answers.requireMethod(exchange, HttpMethod.GET)) {
            boolean well = what.equals("live") || ready(exchange);
            exchange.respond(status(well), Answers.json(Map.of(what, well)), null);
        }
    }

    private static HttpResponseStatus status(boolean well) {
        return well ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE;
    }

    /** The digest asked for, if one is, must be the one that runs: a gateway checks its way to it with this. */
    private boolean ready(Exchange exchange) {
        Serving now = serving;
        String digest = exchange.header(TealHeaders.DIGEST);
        return now != null && life.state() == WorkerState.READY && (digest == null || digest.equals(now.digest()));
    }

    private void model(Exchange exchange, String[] path) {
        boolean versioned = path.length >= 6 && path[4].equals("versions");
        int length = path.length - (versioned ? 2 : 0);
        String verb = length == 5 ? path[path.length - 1] : "";
        String name = QueryStringDecoder.decodeComponent(path[3]);
        String version = versioned ? QueryStringDecoder.decodeComponent(path[5]) : null;
        if (length > 5 || (!verb.isEmpty() && !verb.equals("ready") && !verb.equals("infer"))) {
            Answers.notFound(exchange);
        } else if (verb.equals("infer")) {
            infer(exchange, name, version);
        } else if (Answers.requireMethod(exchange, HttpMethod.GET)) {
            describe(exchange, name, version, verb.equals("ready"));
        }
    }

    private void describe(Exchange exchange, String name, @Nullable String version, boolean readiness) {
        Serving now = serving;
        if (now == null) {
            Answers.refuse(exchange, Refusal.DRAINING);
        } else if (!isServed(now, name, version)) {
            unknown(exchange, name, version);
        } else if (readiness) {
            boolean ready = ready(exchange);
            exchange.respond(status(ready), Answers.json(Map.of("name", name, "ready", ready)), null);
        } else {
            Answers.ok(exchange, now.model().metadata());
        }
    }

    private static boolean isServed(Serving now, String name, @Nullable String version) {
        return name.equals(now.model().name())
                && (version == null || version.equals(now.model().version()));
    }

    private static void unknown(Exchange exchange, String name, @Nullable String version) {
        String which = version == null ? "" : " version " + version;
        Answers.error(
                exchange,
                HttpResponseStatus.NOT_FOUND,
                "Request for unknown model: '" + name + "'" + which + " is not found");
    }

    private void infer(Exchange exchange, String name, @Nullable String version) {
        if (!Answers.requireMethod(exchange, HttpMethod.POST)) {
            return;
        }
        Optional<Long> deadlineMillis = deadlineMillis(exchange);
        String encoding = exchange.header(HttpHeaderNames.CONTENT_ENCODING.toString());
        if (deadlineMillis.isEmpty()) {
            Answers.error(
                    exchange,
                    HttpResponseStatus.BAD_REQUEST,
                    TealHeaders.DEADLINE_MILLIS + " must be a number of milliseconds");
        } else if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            Answers.error(
                    exchange,
                    HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
                    "Content-Encoding is not supported; send the body as it is");
        } else if (exchange.header(BINARY_TENSORS) != null) {
            Answers.error(
                    exchange,
                    HttpResponseStatus.BAD_REQUEST,
                    BINARY_TENSORS + " announces binary tensors, which are not supported; send the data as JSON");
        } else {
            admit(exchange, name, version, deadlineMillis.get());
        }
    }

    private void admit(Exchange exchange, String name, @Nullable String version, long deadlineMillis) {
        Serving now = serving;
        Meters count = meters;
        if (now == null || count == null) {
            Answers.refuse(exchange, Refusal.DRAINING);
            return;
        }
        String proof = exchange.header(PROOF);
        Optional<Refusal> refusal =
                proofSecret.equals(proof) ? life.admitProof() : life.admit(exchange.header(TealHeaders.DIGEST));
        if (refusal.isPresent()) {
            count.answered("refused_" + refusal.get().name().toLowerCase(Locale.ROOT));
            Answers.refuse(exchange, refusal.get());
        } else if (isServed(now, name, version)) {
            new Job(exchange, now, count, life::end).begin(deadlineMillis);
        } else {
            exchange.onEnd(life::end);
            unknown(exchange, name, version);
        }
    }

    /** Negative for none; empty if what is there is no number. */
    private static Optional<Long> deadlineMillis(Exchange exchange) {
        String text = exchange.header(TealHeaders.DEADLINE_MILLIS);
        if (text == null) {
            return Optional.of(-1L);
        }
        try {
            return Optional.of(Math.clamp(Long.parseLong(text.strip()), 0L, (long) Integer.MAX_VALUE));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
