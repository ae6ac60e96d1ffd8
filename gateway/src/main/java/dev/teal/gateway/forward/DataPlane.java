package dev.teal.gateway.forward;

import dev.teal.gateway.admission.BodyMemory;
import dev.teal.gateway.admission.Keys;
import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.answer.Answers;
import dev.teal.gateway.report.Traffic;
import dev.teal.gateway.route.Routes;
import dev.teal.gateway.route.domain.DataPath;
import dev.teal.gateway.route.domain.Endpoint;
import dev.teal.gateway.route.domain.RouteTable;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The one filter of the one route: each request reads one table, once, and what it finds there holds until it is answered. */
public final class DataPlane implements GatewayFilter {
    private final Routes routes;
    private final Keys keys;
    private final Function<ServerHttpRequest, @Nullable InetSocketAddress> peer;
    private final BooleanSupplier ready;
    private final Discovery discovery;
    private final Inference inference;

    /**
     * @param peer where a request comes from
     * @param ready whether the gateway wants traffic
     * @param software version that the server's metadata tell
     */
    public DataPlane(
            Routes routes,
            Keys keys,
            Function<ServerHttpRequest, @Nullable InetSocketAddress> peer,
            BooleanSupplier ready,
            String software,
            Forwarder forwarder,
            BodyMemory memory,
            Traffic traffic,
            RandomGenerator random) {
        this.routes = routes;
        this.keys = keys;
        this.peer = peer;
        this.ready = ready;
        this.discovery = new Discovery(software);
        this.inference = new Inference(forwarder, memory, traffic, random);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        ServerHttpResponse response = exchange.getResponse();
        return switch (DataPath.parse(request.getURI().getRawPath())) {
            case DataPath.Live() -> get(request, response, discovery.live(response));
            case DataPath.Ready() -> get(request, response, discovery.ready(response, ready.getAsBoolean()));
            case DataPath.Server() -> {
                Optional<String> refusal = refusal(request, routes.current(), false);
                yield refusal.isPresent()
                        ? Answers.write(response, Answer.Failure.unauthorized(refusal.get()))
                        : get(request, response, discovery.server(response));
            }
            case DataPath.Model path -> model(request, response, path);
            case DataPath.Malformed(var reason) -> Answers.write(response, Answer.Failure.badRequest(reason));
            case DataPath.Unknown() ->
                Answers.write(
                        response,
                        Answer.Failure.notFound(
                                "nothing is at this path; inference is at /v2/models/{endpoint}/infer"));
        };
    }

    private Mono<Void> model(ServerHttpRequest request, ServerHttpResponse response, DataPath.Model path) {
        RouteTable table = routes.current();
        Endpoint endpoint = table.endpoint(path.endpoint());
        // Before the endpoint is looked at: a caller without a key learns no names
        Optional<String> refusal =
                refusal(request, table, endpoint != null && endpoint.limits().keyRequired());
        if (refusal.isPresent()) {
            return Answers.write(response, Answer.Failure.unauthorized(refusal.get()));
        }
        if (endpoint == null) {
            return Answers.write(response, Discovery.unknownModel(path.endpoint()));
        }
        return switch (path.action()) {
            case METADATA -> get(request, response, discovery.metadata(response, endpoint, path));
            case READY -> get(request, response, discovery.modelReady(response, endpoint, path));
            case INFER ->
                request.getMethod() == HttpMethod.POST
                        ? inference.answer(request, response, endpoint, path)
                        : notAllowed(response, HttpMethod.POST);
        };
    }

    private Optional<String> refusal(ServerHttpRequest request, RouteTable table, boolean keyRequired) {
        return keys.refusal(
                table, peer.apply(request), keyRequired, request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION));
    }

    private static Mono<Void> get(ServerHttpRequest request, ServerHttpResponse response, Mono<Void> answer) {
        return request.getMethod() == HttpMethod.GET ? answer : notAllowed(response, HttpMethod.GET);
    }

    private static Mono<Void> notAllowed(ServerHttpResponse response, HttpMethod allowed) {
        response.getHeaders().set(HttpHeaders.ALLOW, allowed.name());
        return Answers.write(response, Answer.Failure.methodNotAllowed(allowed.name()));
    }
}
