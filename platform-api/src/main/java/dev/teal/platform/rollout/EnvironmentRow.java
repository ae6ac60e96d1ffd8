package dev.teal.platform.rollout;

import dev.teal.protocol.Color;
import dev.teal.protocol.cell.EnvironmentPhase;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An environment as it stands in the database.
 *
 * @param phase null while it is empty, as {@code version} and {@code digest}
 * @param revision at which a version was last put in or sent away
 */
public record EnvironmentRow(
        UUID id,
        Color color,
        @Nullable EnvironmentPhase phase,
        @Nullable String version,
        @Nullable String digest,
        int warmWorkers,
        @Nullable Instant standbyUntil,
        long revision,
        Instant since) {}
