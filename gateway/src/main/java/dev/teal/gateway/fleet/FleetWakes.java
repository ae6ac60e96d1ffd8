package dev.teal.gateway.fleet;

import dev.teal.gateway.activation.LaneKey;
import dev.teal.gateway.activation.WakeResult;
import dev.teal.gateway.activation.Waker;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.WakeRequest;
import dev.teal.protocol.cell.WorkerAddress;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.net.URI;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Wakes environments: one HTTP call, answered when a worker is ready. */
public final class FleetWakes implements Waker, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FleetWakes.class);
    /** One call per sleeping environment at a time; more than these wait for each other. */
    private static final int MOST_WAKES = 256;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    /** The fleet answers at the deadline by itself; this is for one that has stopped answering. */
    private static final Duration BEYOND_DEADLINE = Duration.ofSeconds(2);

    private final ConnectionProvider pool;
    private final HttpClient http;
    private final URI fleet;
    private final MeterRegistry meters;

    public FleetWakes(URI fleet, String cellKey, LoopResources loops, MeterRegistry meters) {
        this.fleet = fleet;
        this.meters = meters;
        this.pool = ConnectionProvider.builder("fleet")
                .maxConnections(MOST_WAKES)
                .pendingAcquireMaxCount(-1)
                .maxIdleTime(Duration.ofSeconds(10))
                .build();
        this.http = HttpClient.create(pool)
                .runOn(loops, true)
                .option(io.netty.channel.ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIMEOUT.toMillis())
                .headers(head -> head.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + cellKey)
                        .set(HttpHeaderNames.CONTENT_TYPE, "application/json"));
    }

    private record Response(int status, String retryAfter, byte[] body) {}

    @Override
    public Mono<WakeResult> wake(LaneKey lane, long deadlineMillis) {
        byte[] body = Json.MAPPER.writeValueAsBytes(new WakeRequest(lane.digest(), deadlineMillis));
        log.atInfo()
                .addKeyValue("endpoint", lane.endpoint())
                .addKeyValue("environment", lane.environment())
                .log("Waking an environment");
        return http.post()
                .uri(fleet.resolve("/fleet/v1/environments/" + lane.environment() + "/wake"))
                .send((head, out) -> out.send(Mono.just(Unpooled.wrappedBuffer(body))))
                .responseSingle((head, content) -> content.asByteArray()
                        .defaultIfEmpty(new byte[0])
                        .map(bytes -> new Response(
                                head.status().code(),
                                head.responseHeaders().get(HttpHeaderNames.RETRY_AFTER, "1"),
                                bytes)))
                .timeout(Duration.ofMillis(deadlineMillis).plus(BEYOND_DEADLINE))
                .map(response -> judge(lane, response))
                .onErrorResume(problem -> Mono.just(new WakeResult.Unknown(String.valueOf(problem.getMessage()))))
                .doOnNext(this::count);
    }

    /** A 404 may be a fleet that has not read its state document yet, so it is asked again; 503 and 409 are its last word. */
    private static WakeResult judge(LaneKey lane, Response response) {
        return switch (response.status()) {
            case 200 -> ready(lane, response.body());
            case 409 -> new WakeResult.Refused(reason(lane, response), 1);
            case 503 -> new WakeResult.Refused(reason(lane, response), seconds(response.retryAfter()));
            default -> new WakeResult.Unknown("fleet answered " + response.status());
        };
    }

    private static WakeResult ready(LaneKey lane, byte[] body) {
        try {
            WorkerAddress worker = Json.MAPPER.readValue(body, WorkerAddress.class);
            return worker.digest().equals(lane.digest())
                    ? new WakeResult.Ready(worker)
                    : new WakeResult.Unknown("fleet named a worker of another digest");
        } catch (JacksonException e) {
            return new WakeResult.Unknown("fleet's answer cannot be read: " + e.getOriginalMessage());
        }
    }

    private static String reason(LaneKey lane, Response response) {
        String prefix = "no worker of '" + lane.endpoint() + "' can be started: ";
        try {
            JsonNode problem = Json.MAPPER.readTree(response.body());
            return prefix
                    + problem.path("detail").asString(problem.path("title").asString("the fleet gave no reason"));
        } catch (JacksonException e) {
            return prefix + "the fleet gave no reason";
        }
    }

    private static long seconds(String retryAfter) {
        try {
            return Long.parseLong(retryAfter.trim());
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    private void count(WakeResult result) {
        String outcome = switch (result) {
            case WakeResult.Ready _ -> "ready";
            case WakeResult.Refused _ -> "refused";
            case WakeResult.Unknown _ -> "unknown";
        };
        meters.counter("gateway.activation.wakes", "outcome", outcome).increment();
        if (result instanceof WakeResult.Unknown(var reason)) {
            log.atWarn().addKeyValue("reason", reason).log("Wake not answered, trying again");
        }
    }

    @Override
    public void close() {
        pool.disposeLater().subscribe(null, _ -> {});
    }
}
