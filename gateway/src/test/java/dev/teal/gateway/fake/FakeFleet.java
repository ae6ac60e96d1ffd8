package dev.teal.gateway.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.Demand;
import dev.teal.protocol.cell.FleetWorkers;
import dev.teal.protocol.cell.WakeRequest;
import dev.teal.protocol.cell.WorkerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A fleet that lists what it is told to list and wakes as it is told to. */
public final class FakeFleet implements AutoCloseable {
    private final HttpServer server;
    private final String instance = UUID.randomUUID().toString();
    private final List<Demand> demands = new CopyOnWriteArrayList<>();
    private long revision = 1;
    private List<WorkerAddress> workers = List.of();
    private boolean closed;
    private final Map<String, Function<WakeRequest, Wake>> scripts = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> wakes = new ConcurrentHashMap<>();

    /** How a wake ends. */
    public sealed interface Wake {
        record Ready(WorkerAddress worker) implements Wake {}

        record Problem(int status, String detail) implements Wake {}
    }

    public FakeFleet(String cellKey) {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/fleet/v1/", exchange -> {
            if (!("Bearer " + cellKey).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                reply(exchange, 401, "{}");
                return;
            }
            String path = exchange.getRequestURI().getPath();
            if (path.endsWith("/workers")) {
                list(exchange);
            } else if (path.endsWith("/demand")) {
                demands.add(Json.MAPPER.readValue(exchange.getRequestBody().readAllBytes(), Demand.class));
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            } else {
                wake(exchange, path.split("/")[4]);
            }
        });
        server.start();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public synchronized void list(WorkerAddress... ready) {
        workers = List.of(ready);
        revision++;
        notifyAll();
    }

    public synchronized void add(WorkerAddress ready) {
        List<WorkerAddress> more = new ArrayList<>(workers);
        more.add(ready);
        list(more.toArray(WorkerAddress[]::new));
    }

    public synchronized void remove(WorkerAddress gone) {
        List<WorkerAddress> less = new ArrayList<>(workers);
        less.remove(gone);
        list(less.toArray(WorkerAddress[]::new));
    }

    public void onWake(String environment, Function<WakeRequest, Wake> wake) {
        scripts.put(environment, wake);
    }

    public int wakes(String environment) {
        return wakes.computeIfAbsent(environment, _ -> new AtomicInteger()).get();
    }

    public List<Demand> demands() {
        return demands;
    }

    private void list(HttpExchange exchange) throws IOException {
        long after = Long.parseLong(exchange.getRequestURI().getQuery().substring("after=".length()));
        FleetWorkers answer;
        synchronized (this) {
            long end = System.nanoTime() + 20_000_000_000L;
            for (long left = 20_000;
                    revision <= after && !closed && left > 0;
                    left = (end - System.nanoTime()) / 1_000_000) {
                try {
                    wait(left);
                } catch (InterruptedException e) {
                    return;
                }
            }
            answer = new FleetWorkers(instance, revision, workers);
        }
        reply(exchange, 200, Json.MAPPER.writeValueAsString(answer));
    }

    private void wake(HttpExchange exchange, String environment) throws IOException {
        WakeRequest request = Json.MAPPER.readValue(exchange.getRequestBody().readAllBytes(), WakeRequest.class);
        wakes.computeIfAbsent(environment, _ -> new AtomicInteger()).incrementAndGet();
        switch (scripts.getOrDefault(environment, _ -> new Wake.Problem(404, "no such environment"))
                .apply(request)) {
            case Wake.Ready(var worker) -> reply(exchange, 200, Json.MAPPER.writeValueAsString(worker));
            case Wake.Problem(var status, var detail) -> {
                exchange.getResponseHeaders().set("Retry-After", "7");
                reply(exchange, status, Json.MAPPER.writeValueAsString(Map.of("detail", detail)));
            }
        }
    }

    static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes();
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        server.stop(0);
    }
}
