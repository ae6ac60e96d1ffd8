package dev.teal.platform.change;

import dev.teal.platform.database.DatabaseState;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Answers under their callers' idempotency keys. */
@Component
class StoredResults {
    static final Duration KEPT = Duration.ofHours(24);
    private static final String REPLAYED = "Idempotency-Replayed";
    private static final TypeReference<Map<String, List<String>>> HEADERS = new TypeReference<>() {};

    private final JdbcClient sql;
    private final JsonMapper json;
    private final InstantSource clock;
    private final DatabaseState database;

    StoredResults(JdbcClient sql, JsonMapper json, InstantSource clock, DatabaseState database) {
        this.sql = sql;
        this.json = json;
        this.clock = clock;
        this.database = database;
    }

    /** @param answer its body is a {@link JsonNode}, or null */
    record StoredResult(String fingerprint, ResponseEntity<?> answer) {}

    /**
     * Takes the key until the transaction ends, however it ends: a lock of the database's, so it is not left behind by a crash, and is still held
     * while a lost connection's commit is under way.
     *
     * @throws IdempotencyKeyInUse if another call has it
     */
    Optional<StoredResult> claim(String actor, String key) {
        boolean free = sql.sql("select pg_try_advisory_xact_lock(hashtextextended(:name, 0))")
                .param("name", actor + ' ' + key)
                .query(Boolean.class)
                .single();
        if (!free) {
            throw new IdempotencyKeyInUse();
        }
        // Older than kept, but not swept yet: gone
        sql.sql("delete from idempotency_key where actor = ? and key = ? and created_at < ?")
                .params(actor, key, oldest())
                .update();
        return sql.sql("select fingerprint, status, headers, body from idempotency_key where actor = ? and key = ?")
                .params(actor, key)
                .query((row, _) -> new StoredResult(
                        row.getString("fingerprint"),
                        answer(row.getInt("status"), row.getString("headers"), row.getString("body"))))
                .optional();
    }

    void keep(String actor, String key, String fingerprint, ResponseEntity<?> answer, @Nullable Object body) {
        HttpHeaders headers = answer.getHeaders();
        Map<String, List<String>> kept = headers.headerNames().stream()
                .collect(Collectors.toMap(name -> name, name -> headers.getOrDefault(name, List.of())));
        sql.sql("""
                insert into idempotency_key (actor, key, fingerprint, status, headers, body, created_at)
                values (?, ?, ?, ?, ?::jsonb, ?, ?)""")
                .params(
                        actor,
                        key,
                        fingerprint,
                        answer.getStatusCode().value(),
                        json.writeValueAsString(kept),
                        body == null ? "" : json.writeValueAsString(body),
                        clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    private ResponseEntity<?> answer(int status, String headers, String body) {
        HttpHeaders all = new HttpHeaders();
        json.readValue(headers, HEADERS).forEach(all::addAll);
        all.set(REPLAYED, "true");
        @Nullable JsonNode tree = body.isEmpty() ? null : json.readTree(body);
        return ResponseEntity.status(status).headers(all).body(tree);
    }

    @Scheduled(fixedDelay = 600_000, initialDelay = 30_000)
    void forgetOld() {
        database.whileUp(
                "forget old idempotency keys",
                () -> sql.sql("delete from idempotency_key where created_at < ?")
                        .param(oldest())
                        .update());
    }

    private OffsetDateTime oldest() {
        return clock.instant().minus(KEPT).atOffset(ZoneOffset.UTC);
    }
}
