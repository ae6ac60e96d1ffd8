package dev.teal.protocol.cell;

import dev.teal.protocol.Color;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that a cell must know of one endpoint.
 *
 * @param generation of {@code route}; grows at every route change and is never used again
 * @param next the route in PREPARE, or null
 */
public record EndpointState(
        String name,
        long generation,
        Route route,
        @Nullable NextRoute next,
        EndpointLimits limits,
        @Nullable EnvironmentState blue,
        @Nullable EnvironmentState green) {
    public EndpointState {
        if (generation < 0) {
            throw new IllegalArgumentException("generation of " + name + " must not be negative, got " + generation);
        }
        if (next != null && next.generation() <= generation) {
            throw new IllegalArgumentException(
                    "next generation of " + name + " must be above " + generation + ", got " + next.generation());
        }
        requireEnvironment(name, route.bluePercent(), Color.BLUE, blue);
        requireEnvironment(name, route.greenPercent(), Color.GREEN, green);
    }

    public Optional<EnvironmentState> environment(Color color) {
        return Optional.ofNullable(color == Color.BLUE ? blue : green);
    }

    public Stream<EnvironmentState> environments() {
        return Stream.of(Color.values()).flatMap(color -> environment(color).stream());
    }

    private static void requireEnvironment(
            String name, int percent, Color color, @Nullable EnvironmentState environment) {
        if (environment != null && environment.color() != color) {
            throw new IllegalArgumentException(
                    "environment " + color + " of " + name + " says it is " + environment.color());
        }
        if (percent > 0 && environment == null) {
            throw new IllegalArgumentException(
                    "route of " + name + " sends " + percent + " % to " + color + ", which is empty");
        }
    }
}
