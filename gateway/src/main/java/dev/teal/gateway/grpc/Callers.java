package dev.teal.gateway.grpc;

import dev.teal.gateway.admission.Keys;
import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.forward.Discovery;
import dev.teal.gateway.route.Routes;
import dev.teal.gateway.route.domain.Endpoint;
import dev.teal.gateway.route.domain.RouteTable;
import io.grpc.Status;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/** Who may ask what, by the table in force; as on REST, a caller without a key learns no names. */
final class Callers {
    private final Routes routes;
    private final Keys keys;

    Callers(Routes routes, Keys keys) {
        this.routes = routes;
        this.keys = keys;
    }

    private Optional<String> refusal(Asked asked, RouteTable table, boolean keyRequired) {
        return keys.refusal(table, asked.peer(), keyRequired, asked.text(Asked.AUTHORIZATION));
    }

    Mono<Told> anybody(Asked asked, Supplier<Mono<Told>> answer) {
        return refusal(asked, routes.current(), false)
                .map(why -> Mono.just(Told.ended(Answer.Failure.unauthorized(why))))
                .orElseGet(answer);
    }

    Mono<Told> endpoint(Asked asked, String name, Function<Endpoint, Mono<Told>> answer) {
        RouteTable table = routes.current();
        Endpoint endpoint = table.endpoint(name);
        Optional<String> refusal =
                refusal(asked, table, endpoint != null && endpoint.limits().keyRequired());
        if (refusal.isPresent()) {
            return Mono.just(Told.ended(Answer.Failure.unauthorized(refusal.get())));
        }
        if (name.isEmpty()) {
            return Mono.just(Told.ended(Status.INVALID_ARGUMENT.withDescription("the message names no model")));
        }
        return endpoint == null ? Mono.just(Told.ended(Discovery.unknownModel(name))) : answer.apply(endpoint);
    }

    /** The endpoints that a caller may know of, by name. */
    List<Endpoint> visible(Asked asked) {
        RouteTable table = routes.current();
        boolean keyed = refusal(asked, table, true).isEmpty();
        return table.endpoints().values().stream()
                .filter(endpoint -> keyed || !endpoint.limits().keyRequired())
                .sorted(Comparator.comparing(Endpoint::name))
                .toList();
    }
}
