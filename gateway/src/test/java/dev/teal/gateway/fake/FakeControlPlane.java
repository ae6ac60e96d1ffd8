package dev.teal.gateway.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.InferenceKey;
import dev.teal.protocol.cell.MemberReply;
import dev.teal.protocol.cell.MemberReport;
import dev.teal.protocol.cell.StateUpdate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A control plane that publishes what it is told to and keeps the newest report. It sends the whole each time. */
public final class FakeControlPlane implements AutoCloseable {
    public static final String REGION = "local";

    private final HttpServer server;
    private final SortedMap<String, JsonNode> endpoints = new TreeMap<>();
    private final AtomicReference<@Nullable MemberReport> report = new AtomicReference<>();
    private List<InferenceKey> keys = List.of();
    private long revision;
    private boolean closed;

    public FakeControlPlane(String cellKey) {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/cell/v1/" + REGION + "/", exchange -> {
            if (!("Bearer " + cellKey).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                FakeFleet.reply(exchange, 401, "{}");
            } else if (exchange.getRequestURI().getPath().endsWith("/state")) {
                state(exchange);
            } else {
                report.set(Json.MAPPER.readValue(exchange.getRequestBody().readAllBytes(), MemberReport.class));
                FakeFleet.reply(exchange, 200, Json.MAPPER.writeValueAsString(new MemberReply(5_000, revision)));
            }
        });
        server.start();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    public @Nullable MemberReport report() {
        return report.get();
    }

    public long publish(EndpointState endpoint) {
        return publish(endpoint.name(), Json.MAPPER.valueToTree(endpoint));
    }

    /** Anything, good or bad. */
    public synchronized long publish(String name, JsonNode endpoint) {
        endpoints.put(name, endpoint);
        return next();
    }

    public synchronized long keys(InferenceKey... inferenceKeys) {
        keys = List.of(inferenceKeys);
        return next();
    }

    /** Goes back to an older revision, as one that was restored from a backup would. */
    public synchronized void restoreRevision(long older) {
        revision = older;
        notifyAll();
    }

    private long next() {
        revision++;
        notifyAll();
        return revision;
    }

    private void state(HttpExchange exchange) throws IOException {
        long after = Long.parseLong(exchange.getRequestURI().getQuery().substring("after=".length()));
        StateUpdate update;
        synchronized (this) {
            long end = System.nanoTime() + 20_000_000_000L;
            for (long left = 20_000;
                    revision == after && after != 0 && !closed && left > 0;
                    left = (end - System.nanoTime()) / 1_000_000) {
                try {
                    wait(left);
                } catch (InterruptedException e) {
                    return;
                }
            }
            update = whole();
        }
        FakeFleet.reply(exchange, 200, Json.MAPPER.writeValueAsString(update));
    }

    private StateUpdate whole() {
        StateUpdate draft = new StateUpdate(REGION, 0, revision, "", List.copyOf(endpoints.values()), List.of(), keys);
        return new StateUpdate(REGION, 0, revision, checksum(draft), draft.endpoints(), List.of(), keys);
    }

    /** The state that the cell will have has the sum that is asked for; an update that lacks it tells which one that is not. */
    private static String checksum(StateUpdate draft) {
        return Checksums.of(draft);
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
