package dev.teal.fleet.kit;

import dev.teal.fleet.FleetApplication;
import dev.teal.fleet.run.Reconciler;
import dev.teal.fleet.run.Workers;
import dev.teal.fleet.stop.Exit;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.Demand;
import dev.teal.protocol.cell.FleetWorkers;
import dev.teal.protocol.cell.WakeRequest;
import dev.teal.protocol.cell.WorkerAddress;
import dev.teal.protocol.cell.WorkerFact;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** A fleet with its Spring context, on ports of its own, and a gateway's calls to it. Closing it leaves its workers, as a signal does. */
public final class RunningFleet implements AutoCloseable {

    public static final Duration LIMIT = Duration.ofSeconds(120);
    private static final String KEY = "teal_cell_key";
    private static final AtomicLong SEQUENCE = new AtomicLong();

    private final ConfigurableApplicationContext context;
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI address;
    private final AtomicBoolean exited;

    private RunningFleet(ConfigurableApplicationContext context, AtomicBoolean exited) {
        this.context = context;
        this.exited = exited;
        int port = ((WebServerApplicationContext) context).getWebServer().getPort();
        this.address = URI.create("http://127.0.0.1:" + port);
    }

    public static List<String> arguments(Path home, URI controlPlane, String... more) throws IOException {
        Path key = home.resolve("cell.key");
        Files.writeString(key, KEY);
        Map<String, String> arguments = new LinkedHashMap<>();
        Stream.concat(
                        Stream.of(
                                "--server.port=0",
                                "--management.server.port=0",
                                "--fleet.id=fleet-1",
                                "--fleet.region=" + FakeControlPlane.REGION,
                                "--fleet.control-plane=" + controlPlane,
                                "--fleet.key-file=" + key,
                                "--fleet.state-directory=" + home.resolve("fleet"),
                                "--fleet.worker.jar=" + FakeWorkerJar.in(home),
                                "--fleet.worker.socket-directory=" + home.resolve("s"),
                                "--fleet.worker.heap=64MB",
                                "--fleet.worker.java-options=-XX:TieredStopAtLevel=1",
                                "--fleet.worker.memory-reserve=1MB",
                                "--fleet.worker.memory-estimate=10MB"),
                        Stream.of(more))
                .forEach(argument -> arguments.put(argument.substring(0, argument.indexOf('=')), argument));
        return List.copyOf(arguments.values());
    }

    public static RunningFleet start(Path home, FakeControlPlane controlPlane, String... more) throws IOException {
        String[] arguments = arguments(home, controlPlane.address(), more).toArray(String[]::new);
        AtomicBoolean exited = new AtomicBoolean();
        ConfigurableApplicationContext context = new SpringApplicationBuilder(FleetApplication.class)
                .initializers(fresh ->
                        ((GenericApplicationContext) fresh).registerBean(Exit.class, () -> () -> exited.set(true)))
                .run(arguments);
        return new RunningFleet(context, exited);
    }

    public boolean exited() {
        return exited.get();
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    public URI address() {
        return address;
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + KEY);
    }

    public HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public HttpResponse<String> wake(String digest, Duration deadline) {
        return send(wakeRequest("fraud-blue", digest, deadline));
    }

    public CompletableFuture<HttpResponse<String>> wakeLater(String digest, Duration deadline) {
        return http.sendAsync(wakeRequest("fraud-blue", digest, deadline), HttpResponse.BodyHandlers.ofString());
    }

    public HttpRequest wakeRequest(String environment, String digest, Duration deadline) {
        return request("/fleet/v1/environments/" + environment + "/wake")
                .POST(HttpRequest.BodyPublishers.ofString(
                        Json.MAPPER.writeValueAsString(new WakeRequest(digest, deadline.toMillis()))))
                .build();
    }

    public WorkerAddress woken(String digest) {
        HttpResponse<String> answer = wake(digest, LIMIT);
        if (answer.statusCode() != 200) {
            throw new AssertionError("wake was answered " + answer.statusCode() + ": " + answer.body());
        }
        return Json.MAPPER.readValue(answer.body(), WorkerAddress.class);
    }

    public int demand(String digest, int inFlight, int queued, long requests) {
        Demand demand = new Demand(
                "gateway-1",
                "a",
                SEQUENCE.incrementAndGet(),
                List.of(new Demand.EnvironmentDemand("fraud-blue", digest, inFlight, queued, 0, requests)));
        return send(request("/fleet/v1/demand")
                        .PUT(HttpRequest.BodyPublishers.ofString(Json.MAPPER.writeValueAsString(demand)))
                        .build())
                .statusCode();
    }

    public FleetWorkers ready(long after) {
        return Json.MAPPER.readValue(
                send(request("/fleet/v1/workers?after=" + after).GET().build()).body(), FleetWorkers.class);
    }

    public List<WorkerAddress> ready() {
        return ready(0).workers();
    }

    public List<WorkerFact> facts() {
        return bean(Workers.class).facts();
    }

    public WorkerFact fact(String worker) {
        return facts().stream()
                .filter(fact -> fact.id().equals(worker))
                .findFirst()
                .orElseThrow();
    }

    public Path sockets() {
        String address = ready().getFirst().address();
        return Path.of(address.substring("unix:".length())).getParent();
    }

    public static void until(Callable<Boolean> condition) {
        Awaitility.await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    /** Ends its workers too. */
    public void end() {
        try {
            bean(Reconciler.class).stopWorkers(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        close();
    }

    @Override
    public void close() {
        context.close();
    }
}
