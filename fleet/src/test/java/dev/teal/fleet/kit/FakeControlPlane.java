package dev.teal.fleet.kit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.teal.protocol.Color;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.CellState;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.cell.EndpointLimits;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.EnvironmentFact;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.EnvironmentState;
import dev.teal.protocol.cell.MemberReply;
import dev.teal.protocol.cell.MemberReport;
import dev.teal.protocol.cell.Route;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.cell.Scaling;
import dev.teal.protocol.cell.StateGap;
import dev.teal.protocol.cell.StateUpdate;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** A control plane with a state that a test sets, artifacts that a test names, and the reports it got. */
public final class FakeControlPlane implements AutoCloseable {

    public static final String REGION = "local";
    public static final ModelSignature SIGNATURE = new ModelSignature(
            List.of(new TensorSpec("x", Datatype.FP32, List.of(-1L, 8L))),
            List.of(new TensorSpec("y", Datatype.FP32, List.of(-1L, 2L))),
            17);

    private static final CountDownLatch OPEN = new CountDownLatch(0);

    private final HttpServer server;
    private final Map<String, byte[]> artifacts = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    private final List<String> fetches = new CopyOnWriteArrayList<>();
    private final Map<String, JsonNode> endpoints = new ConcurrentHashMap<>();
    private volatile MemberReport lastReport;
    private long revision;

    public FakeControlPlane() throws IOException {
        this(0);
    }

    public FakeControlPlane(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/cell/v1/" + REGION + "/state", this::state);
        server.createContext("/cell/v1/" + REGION + "/members/", this::member);
        server.createContext("/cell/v1/" + REGION + "/artifacts/", this::artifact);
        server.start();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** @return its digest */
    public String artifact(String orders) {
        return artifact(orders.getBytes(StandardCharsets.UTF_8));
    }

    public String artifact(byte[] bytes) {
        String digest = Digests.of(bytes);
        artifacts.put(digest, bytes);
        return digest;
    }

    /** What is sent for a digest, true to it or not. */
    public void send(String digest, String bytes) {
        artifacts.put(digest, bytes.getBytes(StandardCharsets.UTF_8));
    }

    /** From now on nothing is sent for a digest until the latch is counted down. */
    public CountDownLatch hold(String digest) {
        CountDownLatch released = new CountDownLatch(1);
        held.put(digest, released);
        return released;
    }

    public long fetches(String digest) {
        return fetches.stream().filter(digest::equals).count();
    }

    public static EnvironmentState environment(String digest, EnvironmentPhase phase, Scaling scaling) {
        return environment(digest, phase, scaling, new RuntimeSettings(1, 4));
    }

    public static EnvironmentState environment(
            String digest, EnvironmentPhase phase, Scaling scaling, RuntimeSettings runtime) {
        return new EnvironmentState(
                "fraud-blue",
                Color.BLUE,
                phase,
                "fraud",
                "1",
                digest,
                10,
                "/cell/v1/" + REGION + "/artifacts/" + digest,
                null,
                null,
                SIGNATURE,
                runtime,
                scaling,
                null);
    }

    public void set(EnvironmentState environment) {
        set(environment, null);
    }

    public synchronized void set(EnvironmentState environment, EnvironmentState green) {
        EndpointState endpoint = new EndpointState(
                "fraud",
                revision + 1,
                Route.NOWHERE,
                null,
                new EndpointLimits(30_000, 1_000_000, false),
                environment,
                green);
        endpoints.put("fraud", Json.MAPPER.valueToTree(endpoint));
        revision++;
        notifyAll();
    }

    public synchronized void clear() {
        endpoints.clear();
        revision++;
        notifyAll();
    }

    public Optional<MemberReport> report() {
        return Optional.ofNullable(lastReport);
    }

    public Optional<EnvironmentFact> fact() {
        return report().flatMap(report -> report.environments().stream().findFirst());
    }

    public Optional<EnvironmentFact> fact(String environment) {
        return report().stream()
                .flatMap(report -> report.environments().stream())
                .filter(fact -> fact.environment().equals(environment))
                .findFirst();
    }

    private void state(HttpExchange exchange) throws IOException {
        long after = Long.parseLong(exchange.getRequestURI().getQuery().replace("after=", ""));
        answer(exchange, 200, Json.MAPPER.writeValueAsBytes(update(after)));
    }

    private synchronized StateUpdate update(long after) {
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (revision == after && System.nanoTime() < deadline) {
                TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
            }
            if (revision == after) {
                return new StateUpdate(REGION, after, after, "", List.of(), List.of(), List.of());
            }
            return new StateUpdate(
                    REGION, 0, revision, checksum(), List.copyOf(endpoints.values()), List.of(), List.of());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String checksum() {
        // A state can only be made by an update that has its checksum: ask it for the one it has
        StateUpdate guess =
                new StateUpdate(REGION, 0, revision, "", List.copyOf(endpoints.values()), List.of(), List.of());
        StringBuilder all = new StringBuilder();
        endpoints.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> all.append(entry.getKey())
                        .append(' ')
                        .append(Digests.of(canonical(entry.getValue()).toString()))
                        .append('\n'));
        String sum = Digests.of(all.toString());
        try {
            CellState.empty(REGION)
                    .apply(new StateUpdate(REGION, 0, guess.revision(), sum, guess.endpoints(), List.of(), List.of()));
        } catch (StateGap e) {
            throw new IllegalStateException(e);
        }
        return sum;
    }

    private static JsonNode canonical(JsonNode node) {
        if (node.isObject()) {
            var sorted = Json.MAPPER.createObjectNode();
            node.properties().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(field -> sorted.set(field.getKey(), canonical(field.getValue())));
            return sorted;
        }
        if (node.isArray()) {
            var array = Json.MAPPER.createArrayNode();
            node.forEach(element -> array.add(canonical(element)));
            return array;
        }
        return node;
    }

    private void member(HttpExchange exchange) throws IOException {
        lastReport = Json.MAPPER.readValue(exchange.getRequestBody().readAllBytes(), MemberReport.class);
        answer(exchange, 200, Json.MAPPER.writeValueAsBytes(new MemberReply(5_000, revision)));
    }

    private void artifact(HttpExchange exchange) throws IOException {
        String digest = exchange.getRequestURI().getPath().replaceAll(".*/", "");
        fetches.add(digest);
        try {
            held.getOrDefault(digest, OPEN).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        byte[] bytes = artifacts.get(digest);
        answer(exchange, bytes == null ? 404 : 200, bytes == null ? new byte[0] : bytes);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
