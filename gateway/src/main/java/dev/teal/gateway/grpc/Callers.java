package dev.teal.gateway.grpc;

import dev.teal.gateway.admission.Caller;
import dev.teal.gateway.admission.Keys;
import dev.teal.gateway.admission.Rates;
import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.forward.Discovery;
import dev.teal.gateway.route.Routes;
import dev.teal.gateway.route.domain.Endpoint;
import dev.teal.gateway.route.domain.RouteTable;
import io.grpc.Metadata;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Who may ask what, by the table in force; as on REST, a caller without a key learns no names. */
final class Callers {
    private final Routes routes;
    private final Keys keys;
    private final Rates rates;

    Callers(Routes routes, Keys keys, Rates rates) {
        this.routes = routes;
        this.keys = keys;
        this.rates = rates;
    }

    private Caller caller(Asked asked, RouteTable table, boolean keyRequired) {
        return keys.caller(table, asked.peer(), keyRequired, asked.text(Asked.AUTHORIZATION));
    }

    /** Why nothing of a call would go on, before its message is taken; whom that is for is not known then. */
    Optional<Told.Ended> atTheDoor(Metadata head, @Nullable InetSocketAddress peer) {
        Caller caller = keys.caller(routes.current(), peer, false, head.get(Asked.AUTHORIZATION));
        return caller instanceof Caller.Refused(var reason)
                ? Optional.of(Told.ended(Answer.Failure.unauthorized(reason)))
                : rates.refusal(caller).map(Told::ended);
    }

    Mono<Told> anybody(Asked asked, Supplier<Mono<Told>> answer) {
        return caller(asked, routes.current(), false) instanceof Caller.Refused(var reason)
                ? Mono.just(Told.ended(Answer.Failure.unauthorized(reason)))
                : answer.get();
    }

    /** Of a request that counts. */
    Mono<Told> inference(Asked asked, String name, Function<Endpoint, Mono<Told>> answer) {
        return endpoint(
                asked,
                name,
                (endpoint, caller) -> rates.refusal(caller, endpoint)
                        .map(refused -> Mono.<Told>just(Told.ended(refused)))
                        .orElseGet(() -> answer.apply(endpoint)));
    }

    Mono<Told> endpoint(Asked asked, String name, Function<Endpoint, Mono<Told>> answer) {
        return endpoint(asked, name, (endpoint, _) -> answer.apply(endpoint));
    }

    private Mono<Told> endpoint(Asked asked, String name, BiFunction<Endpoint, Caller, Mono<Told>> answer) {
        RouteTable table = routes.current();
        Endpoint endpoint = table.endpoint(name);
        Caller caller =
                caller(asked, table, endpoint != null && endpoint.limits().keyRequired());
        if (caller instanceof Caller.Refused(var reason)) {
            return Mono.just(Told.ended(Answer.Failure.unauthorized(reason)));
        }
        if (name.isEmpty()) {
            return Mono.just(Told.ended(Status.INVALID_ARGUMENT.withDescription("the message names no model")));
        }
        return endpoint == null ? Mono.just(Told.ended(Discovery.unknownModel(name))) : answer.apply(endpoint, caller);
    }

    /** The endpoints that a caller may know of, by name. */
    List<Endpoint> visible(Asked asked) {
        RouteTable table = routes.current();
        boolean keyed = !(caller(asked, table, true) instanceof Caller.Refused);
        return table.endpoints().values().stream()
                .filter(endpoint -> keyed || !endpoint.limits().keyRequired())
                .sorted(Comparator.comparing(Endpoint::name))
                .toList();
    }
}
