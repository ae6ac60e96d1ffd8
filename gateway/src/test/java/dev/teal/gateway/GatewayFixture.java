package dev.teal.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.FakeControlPlane;
import dev.teal.gateway.fake.FakeFleet;
import dev.teal.gateway.fake.FakeWorker;
import dev.teal.gateway.fake.MessageWorker;
import dev.teal.gateway.fake.States;
import dev.teal.gateway.grpc.GrpcServer;
import dev.teal.gateway.route.Routes;
import dev.teal.protocol.Color;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.EndpointLimits;
import io.grpc.netty.NettyChannelBuilder;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Statistic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import reactor.blockhound.BlockHound;
import tools.jackson.databind.JsonNode;

/** The real gateway on a free port, between a control plane, a fleet and workers that do as they are told. BlockHound watches its event loops. */
final class GatewayFixture implements AutoCloseable {
    static final String CELL_KEY = "teal_cellcellcell_" + "c".repeat(43);
    static final Duration LONG = Duration.ofSeconds(30);

    static {
        if (!Boolean.getBoolean("teal.benchmark")) {
            BlockHound.install();
        }
    }

    final FakeControlPlane controlPlane = new FakeControlPlane(CELL_KEY);
    final FakeFleet fleet = new FakeFleet(CELL_KEY);
    final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path directory;
    private final List<FakeWorker> workers = new ArrayList<>();
    private @Nullable ConfigurableApplicationContext context;
    private int workerNumber;

    GatewayFixture() {
        try {
            directory = Files.createTempDirectory("teal-gw");
            Files.writeString(directory.resolve("cell.key"), CELL_KEY + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    GatewayFixture start(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--management.server.port=0",
                "--gateway.id=gateway-1",
                "--gateway.region=local",
                "--gateway.control-plane=" + controlPlane.address(),
                "--gateway.fleet=" + fleet.address(),
                "--gateway.key-file=" + directory.resolve("cell.key"),
                "--gateway.state-directory=" + directory.resolve("state"),
                "--gateway.public-address=http://localhost",
                "--logging.structured.format.console=",
                "--logging.level.root=WARN"));
        if (Arrays.stream(more).noneMatch(argument -> argument.startsWith("--gateway.grpc-port="))) {
            arguments.add("--gateway.grpc-port=0");
        }
        arguments.addAll(List.of(more));
        context = new SpringApplicationBuilder(GatewayApplication.class, InjectedPeer.class)
                .web(WebApplicationType.REACTIVE)
                .run(arguments.toArray(String[]::new));
        return this;
    }

    GatewayFixture startWithGrpc(String... more) {
        return start(Stream.concat(Stream.of("--gateway.grpc-port=" + Ports.free()), Arrays.stream(more))
                .toArray(String[]::new));
    }

    /** Starts with one endpoint, which blue serves. @return its one worker */
    FakeWorker startServing(String endpoint) {
        FakeWorker worker = worker(endpoint, Color.BLUE, "1");
        fleet.list(worker.address());
        start().inForce(controlPlane.publish(States.blueOnly(endpoint, 1, States.LIMITS)));
        return worker;
    }

    /** Says that callers come from the address of the property, where it is set. */
    @Configuration(proxyBeanMethods = false)
    static class InjectedPeer {
        @Bean
        @Primary
        @ConditionalOnProperty("test.peer")
        Basics.Peer injected(@Value("${test.peer}") String address) {
            InetSocketAddress peer = new InetSocketAddress(address, 4711);
            return _ -> peer;
        }
    }

    void stop() {
        if (context != null) {
            context.close();
            context = null;
        }
    }

    ConfigurableApplicationContext context() {
        assertThat(context).isNotNull();
        return context;
    }

    FakeWorker worker(String endpoint, Color color, String version) {
        return worker(endpoint, color, version, 2);
    }

    FakeWorker worker(String endpoint, Color color, String version, int concurrency) {
        FakeWorker worker = FakeWorker.unix(
                directory,
                "w-" + ++workerNumber,
                States.environmentId(endpoint, color),
                States.digest(version),
                concurrency);
        workers.add(worker);
        return worker;
    }

    FakeWorker tcpWorker(String endpoint, Color color, String version) {
        FakeWorker worker =
                FakeWorker.tcp("w-" + ++workerNumber, States.environmentId(endpoint, color), States.digest(version), 2);
        workers.add(worker);
        return worker;
    }

    MessageWorker messageWorker(String endpoint, Color color, String version) {
        return new MessageWorker(
                directory, "w-" + ++workerNumber, States.environmentId(endpoint, color), States.digest(version), 2);
    }

    /** An endpoint that sleeps until it is called. @return the worker that wakes */
    MessageWorker sleeping(String endpoint, EndpointLimits limits) {
        inForce(controlPlane.publish(States.blueOnly(endpoint, 1, limits)));
        MessageWorker worker = messageWorker(endpoint, Color.BLUE, "1");
        fleet.onWake(States.environmentId(endpoint, Color.BLUE), _ -> new FakeFleet.Wake.Ready(worker.address()));
        return worker;
    }

    /** Waits until the gateway's table is at a revision. */
    void inForce(long revision) {
        Routes routes = context().getBean(Routes.class);
        await().atMost(LONG).until(() -> routes.current().revision() >= revision);
    }

    int port() {
        return context().getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    int managementPort() {
        return context().getEnvironment().getRequiredProperty("local.management.port", Integer.class);
    }

    int grpcPort() {
        return context().getBean(GrpcServer.class).port();
    }

    NettyChannelBuilder grpcChannel() {
        return NettyChannelBuilder.forAddress("127.0.0.1", grpcPort()).usePlaintext();
    }

    /** Memory of a body is given back right after its answer has gone, which a client may see first. */
    void awaitNoBodies() {
        await().atMost(LONG).until(() -> meter("gateway.body.memory") == 0);
    }

    double meter(String name) {
        return context().getBean(MeterRegistry.class).find(name).meters().stream()
                .flatMap(meter -> StreamSupport.stream(meter.measure().spliterator(), false))
                .filter(measurement ->
                        measurement.getStatistic() == Statistic.COUNT || measurement.getStatistic() == Statistic.VALUE)
                .mapToDouble(Measurement::getValue)
                .sum();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(LONG);
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET().build());
    }

    /** @param body empty for none */
    HttpResponse<String> call(String method, String path, String body) {
        return send(request(path)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    HttpResponse<String> infer(String endpoint, String body, String... headers) {
        return send(inference(endpoint, body, headers));
    }

    CompletableFuture<HttpResponse<String>> inferAsync(String endpoint, String body, String... headers) {
        return http.sendAsync(inference(endpoint, body, headers), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest inference(String endpoint, String body, String... headers) {
        HttpRequest.Builder request = request("/v2/models/" + endpoint + "/infer")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    HttpResponse<String> send(HttpRequest request) {
        return send(request, HttpResponse.BodyHandlers.ofString());
    }

    <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body) {
        try {
            return http.send(request, body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    static JsonNode json(HttpResponse<String> response) {
        return Json.MAPPER.readTree(response.body());
    }

    static String error(HttpResponse<String> response) {
        Map<?, ?> body = Json.MAPPER.readValue(response.body(), Map.class);
        assertThat(body.keySet().toString()).isEqualTo("[error]");
        return String.valueOf(body.get("error"));
    }

    @Override
    public void close() {
        stop();
        workers.forEach(FakeWorker::close);
        fleet.close();
        controlPlane.close();
        http.close();
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
