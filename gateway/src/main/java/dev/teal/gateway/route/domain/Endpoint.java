package dev.teal.gateway.route.domain;

import dev.teal.protocol.Color;
import dev.teal.protocol.cell.EndpointLimits;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.EnvironmentState;
import dev.teal.protocol.cell.Route;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint as the table in force has it.
 *
 * @param inferPath where workers take its requests
 */
public record Endpoint(EndpointState state, String inferPath) {
    private static final String INFER = "/infer";

    public static Endpoint of(EndpointState state) {
        String name = URLEncoder.encode(state.name(), StandardCharsets.UTF_8).replace("+", "%20");
        return new Endpoint(state, "/v2/models/" + name + INFER);
    }

    public String name() {
        return state.name();
    }

    /** Where workers tell what they have done. */
    public String statisticsPath() {
        return inferPath.substring(0, inferPath.length() - INFER.length()) + "/stats";
    }

    public long generation() {
        return state.generation();
    }

    public EndpointLimits limits() {
        return state.limits();
    }

    /** The versions that are in an environment, blue's first. */
    public List<String> versions() {
        return state.environments().map(EnvironmentState::version).distinct().toList();
    }

    /** What describes the endpoint: its active environment, or the only one there is. */
    public Optional<EnvironmentState> described() {
        return state.route()
                .active()
                .flatMap(state::environment)
                .or(() -> state.environments().findFirst());
    }

    /** Whether requests of an environment are taken now; it may sleep, since they wake it. */
    public Availability availability(EnvironmentState environment) {
        if (state.route().percent(environment.color()) > 0) {
            return Availability.READY;
        }
        return switch (environment.phase()) {
            case READY, ACTIVE, STANDBY -> Availability.READY;
            case LOADING -> Availability.LOADING;
            case DRAINING -> Availability.UNAVAILABLE;
        };
    }

    /** Of a version that may be in both environments: the better of the two; empty where it is in none. */
    public Optional<Availability> availability(String version) {
        return state.environments()
                .filter(environment -> environment.version().equals(version))
                .map(this::availability)
                .min(Comparator.naturalOrder());
    }

    /** In the order of preference. */
    public enum Availability {
        READY,
        LOADING,
        UNAVAILABLE
    }

    /** The environment that holds a version, the active one where both do. */
    public Optional<EnvironmentState> ofVersion(String version) {
        Color first = state.route().active().orElse(Color.BLUE);
        return state.environment(first)
                .filter(environment -> environment.version().equals(version))
                .or(() -> state.environment(first.other())
                        .filter(environment -> environment.version().equals(version)));
    }

    /** Where a request goes, fixed when it arrives. */
    public sealed interface Pick {
        /** @param live by the route's shares, so that it counts as live traffic */
        record To(EnvironmentState environment, boolean live) implements Pick {}

        /** Nowhere. */
        sealed interface Refusal extends Pick {}

        record NoSuchVersion(String version, List<String> versions) implements Refusal {}

        record Empty(Color color) implements Refusal {}

        record Draining(Color color) implements Refusal {}

        record NothingLive() implements Refusal {}
    }

    /**
     * @param color asked for by the caller, or null
     * @param version named in the path, or null
     */
    public Pick pick(@Nullable Color color, @Nullable String version, RandomGenerator random) {
        if (color != null) {
            return asked(color, version);
        }
        if (version != null) {
            return ofVersion(version)
                    .map(environment -> usable(environment, false))
                    .orElseGet(() -> new Pick.NoSuchVersion(version, versions()));
        }
        Route route = state.route();
        if (route.active().isEmpty()) {
            return new Pick.NothingLive();
        }
        EnvironmentState environment = byShare(route, random);
        return environment == null ? new Pick.NothingLive() : usable(environment, true);
    }

    private Pick asked(Color color, @Nullable String version) {
        Optional<EnvironmentState> environment = state.environment(color);
        if (environment.isEmpty()) {
            return new Pick.Empty(color);
        }
        if (version != null && !environment.get().version().equals(version)) {
            return new Pick.NoSuchVersion(version, List.of(environment.get().version()));
        }
        return usable(environment.get(), false);
    }

    private @Nullable EnvironmentState byShare(Route route, RandomGenerator random) {
        if (route.bluePercent() == 100) {
            return state.blue();
        }
        if (route.greenPercent() == 100) {
            return state.green();
        }
        return random.nextInt(100) < route.bluePercent() ? state.blue() : state.green();
    }

    /** Live traffic goes where the route says whatever the phase: the route is what was committed. */
    private static Pick usable(EnvironmentState environment, boolean live) {
        return live || environment.phase().runs()
                ? new Pick.To(environment, live)
                : new Pick.Draining(environment.color());
    }
}
