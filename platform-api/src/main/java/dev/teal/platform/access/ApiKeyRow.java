package dev.teal.platform.access;

import dev.teal.platform.access.domain.ApiKey;
import dev.teal.platform.access.domain.KeyText;
import dev.teal.platform.access.domain.Role;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.PostLoad;
import jakarta.persistence.PostPersist;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Persistable;

@Entity
@Table(name = "api_key")
class ApiKeyRow implements Persistable<String> {
    @Id
    private String id;

    private String name;

    @Enumerated(EnumType.STRING)
    private Role role;

    @Column(name = "secret_digest", updatable = false)
    private String secretDigest;

    @Column(name = "created_at", updatable = false)
    private Instant createdAt;

    @Column(name = "created_by", updatable = false)
    private String createdBy;

    @Column(name = "expires_at")
    private @Nullable Instant expiresAt;

    @Column(name = "revoked_at")
    private @Nullable Instant revokedAt;

    @Column(name = "last_used_at", insertable = false, updatable = false)
    private @Nullable Instant lastUsedAt;

    @Transient
    private boolean stored;

    @SuppressWarnings("NullAway.Init")
    protected ApiKeyRow() {}

    ApiKeyRow(KeyText key, String name, Role role, Instant createdAt, String createdBy, @Nullable Instant expiresAt) {
        this.id = key.id();
        this.name = name;
        this.role = role;
        this.secretDigest = key.secretDigest();
        this.createdAt = createdAt;
        this.createdBy = createdBy;
        this.expiresAt = expiresAt;
    }

    String secretDigest() {
        return secretDigest;
    }

    void revoke(Instant now) {
        if (revokedAt == null) {
            revokedAt = now;
        }
    }

    ApiKey key() {
        return new ApiKey(id, name, role, createdAt, createdBy, expiresAt, revokedAt, lastUsedAt);
    }

    @Override
    public String getId() {
        return id;
    }

    /** Its id is given before it is stored, so a null id can't tell. */
    @Override
    public boolean isNew() {
        return !stored;
    }

    @PostLoad
    @PostPersist
    void becomeStored() {
        stored = true;
    }
}
