package dev.teal.platform.rollout;

import dev.teal.platform.routing.domain.EndpointConfiguration;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.Route;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An endpoint with both environments as they stand in the database. */
public record EndpointRow(
        UUID id,
        String name,
        String model,
        String region,
        EndpointConfiguration configuration,
        long generation,
        long lastGeneration,
        Route route,
        @Nullable Long nextGeneration,
        long revision,
        long routeRevision,
        String desiredVersion,
        Instant createdAt,
        String createdBy,
        EnvironmentRow blue,
        EnvironmentRow green) {
    public EnvironmentRow environment(Color color) {
        return color == Color.BLUE ? blue : green;
    }

    public Optional<EnvironmentRow> active() {
        return route.active().map(this::environment);
    }

    /** The version that a rollback would bring back; empty where none stands by. */
    public Optional<EnvironmentRow> standby() {
        return active().map(live -> environment(live.color().other()))
                .filter(other -> other.phase() == EnvironmentPhase.STANDBY);
    }
}
