package dev.teal.platform.access.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A key as the database knows it, without its secret. */
public record ApiKey(
        String id,
        String name,
        Role role,
        Instant createdAt,
        String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        @Nullable Instant lastUsedAt) {
    public boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}
