package dev.teal.platform.rollout;

import dev.teal.platform.rollout.domain.Rollout;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A rollout as it stands in the database. */
public record RolloutRow(
        UUID id,
        UUID endpointId,
        String endpoint,
        String region,
        Rollout rollout,
        long version,
        Instant createdAt,
        String createdBy,
        @Nullable Instant endedAt) {
    public boolean open() {
        return endedAt == null;
    }
}
