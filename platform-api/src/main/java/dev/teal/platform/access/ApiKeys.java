package dev.teal.platform.access;

import dev.teal.platform.access.domain.ApiKey;
import dev.teal.platform.access.domain.KeyText;
import dev.teal.platform.access.domain.Role;
import dev.teal.platform.audit.AuditLog;
import dev.teal.platform.request.RequestContext;
import dev.teal.protocol.cell.InferenceKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** The keys in the database. */
@Component
public class ApiKeys {
    private final ApiKeyRows rows;
    private final AuditLog audit;
    private final ApplicationEventPublisher events;
    private final RandomGenerator random;
    private final InstantSource clock;

    ApiKeys(
            ApiKeyRows rows,
            AuditLog audit,
            ApplicationEventPublisher events,
            RandomGenerator random,
            InstantSource clock) {
        this.rows = rows;
        this.audit = audit;
        this.events = events;
        this.random = random;
        this.clock = clock;
    }

    /** A key that was just made, with the one chance to see its secret. */
    record NewKey(ApiKey key, KeyText text) {}

    /** The inference keys that are in force, for the cells' state. Expired ones are left out, and gateways look at the time themselves. */
    @Transactional(readOnly = true)
    public List<InferenceKey> inferenceKeys() {
        Instant now = clock.instant();
        return rows.findByRoleAndRevokedAtIsNullOrderById(Role.INFERENCE).stream()
                .filter(row -> !row.key().isExpired(now))
                .map(row -> new InferenceKey(
                        row.getId(), row.secretDigest(), row.key().expiresAt()))
                .toList();
    }

    /** @throws KeyRefused if it is not a key that is in force */
    @Transactional(readOnly = true)
    public ApiKey authenticate(KeyText text) {
        Optional<ApiKeyRow> row = rows.findById(text.id());
        if (row.isEmpty() || !text.matches(row.get().secretDigest())) {
            throw KeyRefused.wrong();
        }
        ApiKey key = row.get().key();
        if (key.revokedAt() != null) {
            throw KeyRefused.revoked(key.id());
        }
        if (key.isExpired(clock.instant())) {
            throw KeyRefused.expired(key.id());
        }
        return key;
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public NewKey create(String name, Role role, @Nullable Instant expiresAt) {
        return create(KeyText.generate(random), name, role, expiresAt);
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public NewKey create(KeyText text, String name, Role role, @Nullable Instant expiresAt) {
        Instant now = clock.instant();
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            throw new ExpiryInThePast(expiresAt, now);
        }
        ApiKeyRow row = rows.save(
                new ApiKeyRow(text, name, role, now, RequestContext.current().actor(), expiresAt));
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("name", name);
        detail.put("role", role.name());
        if (expiresAt != null) {
            detail.put("expiresAt", expiresAt.toString());
        }
        audit.record("api-key.create", "api-keys/" + text.id(), detail);
        announce(role);
        return new NewKey(row.key(), text);
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void revoke(String id) {
        List<ApiKeyRow> admins = rows.lockLastingAdmins();
        ApiKeyRow row = rows.findById(id).orElseThrow(() -> new UnknownApiKey(id));
        if (row.key().revokedAt() != null) {
            return;
        }
        if (admins.size() == 1 && admins.getFirst().getId().equals(id)) {
            throw new LastAdminKey();
        }
        row.revoke(clock.instant());
        audit.record(
                "api-key.revoke", "api-keys/" + id, Map.of("name", row.key().name()));
        announce(row.key().role());
    }

    private void announce(Role role) {
        if (role == Role.INFERENCE) {
            events.publishEvent(new InferenceKeysChanged());
        }
    }

    @Transactional(readOnly = true)
    public ApiKey get(String id) {
        return rows.findById(id).orElseThrow(() -> new UnknownApiKey(id)).key();
    }

    @Transactional(readOnly = true)
    public List<ApiKey> list(String after, int limit) {
        return rows.findByIdGreaterThanOrderById(after, Limit.of(limit)).stream()
                .map(ApiKeyRow::key)
                .toList();
    }

    @Transactional(readOnly = true)
    public boolean isEmpty() {
        return rows.count() == 0;
    }
}
