package dev.teal.cli.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.teal.protocol.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** Control plane and gateway of one endpoint, as far as the story calls them; what goes wrong is chosen by fields. */
final class FakeTeal implements AutoCloseable {
    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final Path family;
    private final AtomicInteger calls = new AtomicInteger();
    private final Deque<String> states = new ArrayDeque<>();
    private String next = "1";
    private volatile String active = "none";
    private volatile long generation = 1;

    /** Every how many inference requests one fails; 0: none. */
    volatile int failEvery;
    /** The version whose answers are given, whatever the header says; empty: the right one. */
    volatile String liar = "";
    /** How the rollout to 2 ends. */
    volatile String end = "SUCCEEDED";

    volatile int workers;

    FakeTeal(Path family) throws IOException {
        this.family = family;
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /** An endpoint that a demo left in the middle. */
    void startWith(String version) {
        active = version;
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String call =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        if (call.endsWith("/infer")) {
            infer(exchange, body);
        } else {
            control(exchange, call);
        }
    }

    private synchronized void control(HttpExchange exchange, String call) throws IOException {
        if (call.contains("/api/")
                && !"Bearer the-key".equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, "{\"title\":\"no key\"}");
        } else if (call.equals("GET /api/v1/models/fraud-detection")
                || call.equals("GET /api/v1/endpoints/fraud-detection") && active.equals("none")) {
            answer(exchange, 404, "{\"title\":\"unknown\"}");
        } else if (call.endsWith("/rollouts") || call.endsWith("/rollback")) {
            next = active.equals("2") ? "1" : "2";
            states.addAll(List.of("PENDING", "SWITCHING", next.equals("2") ? end : "SUCCEEDED"));
            answer(exchange, 201, "{\"id\":\"r-1\",\"state\":\"PENDING\"}");
        } else if (call.contains("/rollouts/")) {
            answer(
                    exchange,
                    200,
                    "{\"id\":\"r-1\",\"state\":\"" + advance() + "\",\"reason\":\"golden sample 3 differs\"}");
        } else if (call.startsWith("PUT")) {
            active = active.equals("none") ? "1" : active;
            answer(exchange, 201, endpoint());
        } else if (call.endsWith("/ready")) {
            answer(exchange, 200, "{}");
        } else if (call.startsWith("GET /api/v1/endpoints")) {
            answer(exchange, 200, endpoint());
        } else {
            answer(exchange, 201, "{\"digest\":\"sha256:0123456789abcdef\"}");
        }
    }

    private String advance() {
        String state = states.size() > 1 ? states.remove() : states.peek();
        if (state.equals("SUCCEEDED") && !active.equals(next)) {
            active = next;
            generation++;
        }
        return state;
    }

    private String endpoint() {
        return """
                {"name":"fraud-detection","activeColor":"blue","activeVersion":"%s","generation":%d,"environments":{
                 "blue":{"workers":{"ready":0,"total":%d}},"green":{"workers":{"ready":0,"total":0}}}}
                """.formatted(active, generation, workers);
    }

    private void infer(HttpExchange exchange, byte[] body) throws IOException {
        if (failEvery > 0 && calls.incrementAndGet() % failEvery == 0) {
            answer(exchange, 503, "{\"error\":\"no worker\"}");
            return;
        }
        String version;
        long stamped;
        synchronized (this) {
            version = active;
            stamped = generation;
        }
        JsonNode samples = Json.MAPPER.readTree(
                Files.readAllBytes(family.resolve("v" + (liar.isEmpty() ? version : liar) + ".samples.json")));
        JsonNode wanted = Json.MAPPER.readTree(body).path("inputs");
        for (JsonNode sample : samples) {
            if (sample.path("inputs").equals(wanted)) {
                exchange.getResponseHeaders().set("Teal-Color", version.equals("1") ? "blue" : "green");
                exchange.getResponseHeaders().set("Teal-Version", version);
                exchange.getResponseHeaders().set("Teal-Generation", String.valueOf(stamped));
                answer(exchange, 200, "{\"outputs\":" + sample.path("outputs") + "}");
                return;
            }
        }
        answer(exchange, 400, "{\"error\":\"not a golden sample\"}");
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
