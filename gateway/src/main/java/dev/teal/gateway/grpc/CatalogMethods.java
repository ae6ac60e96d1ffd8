package dev.teal.gateway.grpc;

import dev.teal.gateway.forward.Discovery;
import dev.teal.gateway.forward.Repository;
import dev.teal.gateway.forward.WorkerStatistics;
import dev.teal.gateway.route.domain.Endpoint;
import dev.teal.protocol.cell.EnvironmentState;
import dev.teal.protocol.grpc.Messages;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.ModelConfiguration;
import dev.teal.protocol.oip.ServerMetadata;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What is told of the server and its models. All but statistics is in the table in force, and nothing here wakes anything. */
final class CatalogMethods {
    private final Callers callers;
    private final BooleanSupplier ready;
    private final String software;
    private final WorkerStatistics statistics;

    CatalogMethods(Callers callers, BooleanSupplier ready, String software, WorkerStatistics statistics) {
        this.callers = callers;
        this.ready = ready;
        this.software = software;
        this.statistics = statistics;
    }

    /** Without a key: it tells nothing, and load balancers ask it. */
    Mono<Told> live(Asked asked) {
        return message(Messages.flag(true));
    }

    Mono<Told> ready(Asked asked) {
        return message(Messages.flag(ready.getAsBoolean()));
    }

    Mono<Told> server(Asked asked) {
        return callers.anybody(
                asked,
                () -> message(Messages.serverMetadata(ServerMetadata.NAME, software, ServerMetadata.EXTENSIONS)));
    }

    Mono<Told> metadata(Asked asked) {
        return described(
                asked,
                (endpoint, environment) ->
                        Messages.modelMetadata(endpoint.name(), endpoint.versions(), environment.signature()));
    }

    Mono<Told> config(Asked asked) {
        return described(
                asked,
                (endpoint, environment) -> Messages.modelConfig(ModelConfiguration.of(
                        endpoint.name(), environment.signature(), environment.config(), environment.runtime())));
    }

    private Mono<Told> described(Asked asked, BiFunction<Endpoint, EnvironmentState, byte[]> description) {
        return named(asked, (endpoint, version) -> {
            Optional<EnvironmentState> described = version == null ? endpoint.described() : endpoint.ofVersion(version);
            return described
                    .map(environment -> message(description.apply(endpoint, environment)))
                    .orElseGet(() -> Mono.just(nothingThere(endpoint, version)));
        });
    }

    private static Told nothingThere(Endpoint endpoint, @Nullable String version) {
        return Told.ended(
                version == null
                        ? Discovery.nothingLive(endpoint.name())
                        : Discovery.noSuchVersion(endpoint.name(), version, endpoint.versions()));
    }

    /** An endpoint that sleeps is ready: a request wakes it. */
    Mono<Told> modelReady(Asked asked) {
        return named(asked, (endpoint, version) -> {
            Optional<EnvironmentState> environment = version == null
                    ? endpoint.state().route().active().flatMap(endpoint.state()::environment)
                    : endpoint.ofVersion(version);
            if (environment.isEmpty()) {
                return version == null ? message(Messages.flag(false)) : Mono.just(nothingThere(endpoint, version));
            }
            boolean taken = endpoint.availability(environment.get()) == Endpoint.Availability.READY;
            Metadata head = Told.mark(endpoint, environment.get());
            return Mono.just(new Told.Message(Messages.flag(taken), head));
        });
    }

    Mono<Told> statistics(Asked asked) {
        return parsed(asked, named -> {
            if (named.name().isEmpty()) {
                return callers.anybody(asked, () -> collected(callers.visible(asked), null));
            }
            return callers.endpoint(asked, named.name(), endpoint -> {
                String version = named.version();
                return version != null && endpoint.ofVersion(version).isEmpty()
                        ? Mono.just(nothingThere(endpoint, version))
                        : collected(List.of(endpoint), version);
            });
        });
    }

    private Mono<Told> collected(List<Endpoint> endpoints, @Nullable String version) {
        return statistics
                .collected(endpoints, version)
                .map(listing -> Told.message(Messages.statistics(listing.modelStats())))
                .onErrorResume(
                        WorkerStatistics.TooOften.class,
                        e -> Mono.just(Told.ended(Status.UNAVAILABLE.withDescription(e.getMessage()))));
    }

    Mono<Told> index(Asked asked) {
        return callers.anybody(asked, () -> {
            try {
                Messages.IndexRequest request = Messages.indexRequest(asked.message());
                if (!request.repository().isEmpty()) {
                    return Mono.just(Told.ended(
                            Status.UNIMPLEMENTED.withDescription("there is one repository, which has no name")));
                }
                return message(Messages.index(Repository.entries(callers.visible(asked), request.onlyReady())));
            } catch (InvalidInference e) {
                return invalid(e);
            }
        });
    }

    /** Of the server; and of a model by its name, as {@link #modelReady} has it. */
    Mono<Told> health(Asked asked) {
        return parsed(asked, named -> {
            if (named.name().isEmpty() || named.name().equals(InferenceService.NAME)) {
                return message(Messages.health(ready.getAsBoolean()));
            }
            return callers.endpoint(
                    asked,
                    named.name(),
                    endpoint -> message(Messages.health(endpoint.state()
                            .route()
                            .active()
                            .flatMap(endpoint.state()::environment)
                            .filter(environment -> endpoint.availability(environment) == Endpoint.Availability.READY)
                            .isPresent())));
        });
    }

    private interface ByName {
        Mono<Told> answer(Endpoint endpoint, @Nullable String version);
    }

    private Mono<Told> named(Asked asked, ByName answer) {
        return parsed(
                asked,
                named -> callers.endpoint(asked, named.name(), endpoint -> answer.answer(endpoint, named.version())));
    }

    private static Mono<Told> parsed(Asked asked, java.util.function.Function<Messages.Named, Mono<Told>> answer) {
        Messages.Named named;
        try {
            named = Messages.named(asked.message());
        } catch (InvalidInference e) {
            return invalid(e);
        }
        return answer.apply(named);
    }

    private static Mono<Told> invalid(InvalidInference e) {
        return Mono.just(Told.ended(Status.INVALID_ARGUMENT.withDescription(e.getMessage())));
    }

    private static Mono<Told> message(byte[] message) {
        return Mono.just(Told.message(message));
    }
}
