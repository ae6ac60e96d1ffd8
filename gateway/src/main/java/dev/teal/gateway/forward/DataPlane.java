package dev.teal.gateway.forward;

import dev.teal.gateway.admission.Caller;
import dev.teal.gateway.admission.Keys;
import dev.teal.gateway.admission.Rates;
import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.answer.Answers;
import dev.teal.gateway.report.Traffic;
import dev.teal.gateway.route.Routes;
import dev.teal.gateway.route.domain.DataPath;
import dev.teal.gateway.route.domain.Endpoint;
import dev.teal.gateway.route.domain.RouteTable;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The one filter of the one route: each request reads one table, once, and what it finds there holds until it is answered. */
public final class DataPlane implements GatewayFilter {
    private static final String NOTHING_HERE =
            "nothing is at this path; inference is at /v2/models/{endpoint}/infer, and no path ends in a slash";

    private final Routes routes;
    private final Keys keys;
    private final Rates rates;
    private final Function<ServerHttpRequest, @Nullable InetSocketAddress> peer;
    private final BooleanSupplier ready;
    private final Discovery discovery;
    private final Repository repository;
    private final WorkerStatistics statistics;
    private final Inference inference;

    /**
     * @param peer where a request comes from
     * @param ready whether the gateway wants traffic
     * @param software version that the server's metadata tell
     */
    public DataPlane(
            Routes routes,
            Keys keys,
            Rates rates,
            Function<ServerHttpRequest, @Nullable InetSocketAddress> peer,
            BooleanSupplier ready,
            String software,
            Forwarder forwarder,
            Bodies bodies,
            WorkerStatistics statistics,
            Traffic traffic,
            RandomGenerator random) {
        this.routes = routes;
        this.keys = keys;
        this.rates = rates;
        this.peer = peer;
        this.ready = ready;
        this.discovery = new Discovery(software);
        this.repository = new Repository(bodies);
        this.statistics = statistics;
        this.inference = new Inference(forwarder, bodies, traffic, random);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        ServerHttpResponse response = exchange.getResponse();
        DataPath path = DataPath.parse(request.getURI().getRawPath());
        Optional<String> method = path.method();
        if (method.isPresent() && !request.getMethod().name().equals(method.get())) {
            response.getHeaders().set(HttpHeaders.ALLOW, method.get());
            return Answers.write(response, Answer.Failure.methodNotAllowed());
        }
        RouteTable table = routes.current();
        return switch (path) {
            case DataPath.Live() -> discovery.live(response);
            case DataPath.Ready() -> discovery.ready(response, ready.getAsBoolean());
            case DataPath.Server() -> allowed(request, response, table, () -> discovery.server(response));
            case DataPath.Model model -> model(request, response, table, model);
            case DataPath.Statistics() ->
                allowed(request, response, table, () -> statistics.answer(response, visible(request, table), null));
            case DataPath.RepositoryIndex() ->
                allowed(request, response, table, () -> repository.index(request, response, visible(request, table)));
            case DataPath.RepositoryModel control ->
                endpoint(
                        request,
                        response,
                        table,
                        control.endpoint(),
                        (_, _) -> Answers.write(response, Repository.refusal(control)));
            case DataPath.NamedRepository() ->
                Answers.write(
                        response, Answer.Failure.notImplemented("'repository_name' specification is not supported"));
            case DataPath.Unsupported(var extension) ->
                Answers.write(
                        response,
                        Answer.Failure.notImplemented(
                                "extension '" + extension + "' is not supported; GET /v2 lists those that are"));
            case DataPath.Unknown() -> Answers.write(response, Answer.Failure.notFound(NOTHING_HERE));
        };
    }

    private Mono<Void> model(
            ServerHttpRequest request, ServerHttpResponse response, RouteTable table, DataPath.Model path) {
        return endpoint(request, response, table, path.endpoint(), (endpoint, caller) -> switch (path.action()) {
            case METADATA -> discovery.metadata(response, endpoint, path);
            case READY -> discovery.modelReady(response, endpoint, path);
            case CONFIG -> discovery.config(response, endpoint, path);
            case INFER ->
                rates.refusal(caller, endpoint)
                        .map(refused -> Answers.write(response, refused))
                        .orElseGet(() -> inference.answer(request, response, endpoint, path));
            case STATISTICS -> {
                String version = path.version();
                yield version != null && endpoint.ofVersion(version).isEmpty()
                        ? Answers.write(
                                response, Discovery.noSuchVersion(endpoint.name(), version, endpoint.versions()))
                        : statistics.answer(response, List.of(endpoint), version);
            }
        });
    }

    /** A caller without a key learns no names: the key is looked at before it is said whether there is an endpoint. */
    private Mono<Void> endpoint(
            ServerHttpRequest request,
            ServerHttpResponse response,
            RouteTable table,
            String name,
            BiFunction<Endpoint, Caller, Mono<Void>> answer) {
        Endpoint endpoint = named(table, name);
        Caller caller =
                caller(request, table, endpoint != null && endpoint.limits().keyRequired());
        if (caller instanceof Caller.Refused(var reason)) {
            return Answers.write(response, Answer.Failure.unauthorized(reason));
        }
        return endpoint == null
                ? Answers.write(response, Discovery.unknownModel(name))
                : answer.apply(endpoint, caller);
    }

    private static @Nullable Endpoint named(RouteTable table, String name) {
        Endpoint endpoint = table.endpoint(name);
        return endpoint == null
                ? DataPath.decodedAgain(name).map(table::endpoint).orElse(null)
                : endpoint;
    }

    private Mono<Void> allowed(
            ServerHttpRequest request, ServerHttpResponse response, RouteTable table, Supplier<Mono<Void>> answer) {
        return caller(request, table, false) instanceof Caller.Refused(var reason)
                ? Answers.write(response, Answer.Failure.unauthorized(reason))
                : answer.get();
    }

    /** The endpoints that a caller may know of, by name. */
    private List<Endpoint> visible(ServerHttpRequest request, RouteTable table) {
        boolean keyed = !(caller(request, table, true) instanceof Caller.Refused);
        return table.endpoints().values().stream()
                .filter(endpoint -> keyed || !endpoint.limits().keyRequired())
                .sorted(Comparator.comparing(Endpoint::name))
                .toList();
    }

    private Caller caller(ServerHttpRequest request, RouteTable table, boolean keyRequired) {
        return keys.caller(
                table, peer.apply(request), keyRequired, request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION));
    }
}
