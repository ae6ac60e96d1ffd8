package dev.teal.gateway.forward;

import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.answer.Answers;
import dev.teal.gateway.answer.Outcome;
import dev.teal.gateway.route.domain.DataPath;
import dev.teal.gateway.route.domain.Endpoint;
import dev.teal.protocol.cell.EnvironmentState;
import dev.teal.protocol.oip.ModelConfiguration;
import dev.teal.protocol.oip.ServerMetadata;
import dev.teal.protocol.oip.TensorSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Mono;

/** Answers about the server and its models, all from the table in force: none of them wakes anything. */
public final class Discovery {
    private final ServerMetadata server;

    Discovery(String software) {
        this.server = ServerMetadata.of(software);
    }

    private record ModelMetadata(
            String name, List<String> versions, String platform, List<TensorSpec> inputs, List<TensorSpec> outputs) {}

    private record ModelReady(String name, boolean ready) {}

    Mono<Void> server(ServerHttpResponse response) {
        return Answers.json(response, 200, server);
    }

    Mono<Void> live(ServerHttpResponse response) {
        return Answers.json(response, 200, Map.of("live", true));
    }

    Mono<Void> ready(ServerHttpResponse response, boolean ready) {
        return ready
                ? Answers.json(response, 200, Map.of("ready", true))
                : Answers.write(
                        response,
                        Answer.Failure.unavailable(
                                Outcome.UNAVAILABLE,
                                "no state document yet, or shutting down; ask another gateway",
                                1));
    }

    Mono<Void> metadata(ServerHttpResponse response, Endpoint endpoint, DataPath.Model path) {
        Optional<EnvironmentState> described = described(endpoint, path);
        if (described.isEmpty()) {
            return Answers.write(response, nothingThere(endpoint, path));
        }
        EnvironmentState environment = described.get();
        return Answers.json(
                response,
                200,
                new ModelMetadata(
                        endpoint.name(),
                        endpoint.versions(),
                        ModelConfiguration.PLATFORM,
                        environment.signature().inputs(),
                        environment.signature().outputs()));
    }

    Mono<Void> config(ServerHttpResponse response, Endpoint endpoint, DataPath.Model path) {
        Optional<EnvironmentState> described = described(endpoint, path);
        if (described.isEmpty()) {
            return Answers.write(response, nothingThere(endpoint, path));
        }
        EnvironmentState environment = described.get();
        return Answers.json(
                response,
                200,
                ModelConfiguration.of(
                        endpoint.name(), environment.signature(), environment.config(), environment.runtime()));
    }

    private static Optional<EnvironmentState> described(Endpoint endpoint, DataPath.Model path) {
        String version = path.version();
        return version == null ? endpoint.described() : endpoint.ofVersion(version);
    }

    Mono<Void> modelReady(ServerHttpResponse response, Endpoint endpoint, DataPath.Model path) {
        String version = path.version();
        Optional<EnvironmentState> environment = version == null
                ? endpoint.state().route().active().flatMap(endpoint.state()::environment)
                : endpoint.ofVersion(version);
        if (environment.isEmpty()) {
            return Answers.write(response, nothingThere(endpoint, path));
        }
        if (endpoint.availability(environment.get()) != Endpoint.Availability.READY) {
            return Answers.write(
                    response, notReady(endpoint.name(), environment.get().version()));
        }
        Answers.mark(response, endpoint.generation(), environment.get());
        return Answers.json(response, 200, new ModelReady(endpoint.name(), true));
    }

    private static Answer.Failure nothingThere(Endpoint endpoint, DataPath.Model path) {
        String version = path.version();
        return version == null
                ? nothingLive(endpoint.name())
                : noSuchVersion(endpoint.name(), version, endpoint.versions());
    }

    public static Answer.Failure nothingLive(String endpoint) {
        return Answer.Failure.unavailable(
                Outcome.UNAVAILABLE, "no version of '" + endpoint + "' is live yet; look at its open rollout", 5);
    }

    private static Answer.Failure notReady(String endpoint, String version) {
        return Answer.Failure.unavailable(
                Outcome.UNAVAILABLE,
                "Request for unknown model: '" + endpoint + "' version " + version + " is not at ready state",
                1);
    }

    public static Answer.Failure noSuchVersion(String endpoint, String version, List<String> versions) {
        return Answer.Failure.notFound("Request for unknown model: '" + endpoint + "' version " + version
                + " is not found; there is " + (versions.isEmpty() ? "none" : String.join(" and ", versions)));
    }

    public static Answer.Failure unknownModel(String endpoint) {
        return Answer.Failure.notFound("Request for unknown model: '" + endpoint + "' is not found");
    }
}
