package dev.teal.platform.audit;

import dev.teal.platform.audit.domain.AuditEvent;
import jakarta.persistence.EntityManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The chain in the database. */
@Component
class AuditChain {
    private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};
    private static final String COLUMNS =
            "select sequence, at, actor, action, object, result, request_id, detail, previous_hash, hash from audit_event ";

    private final JdbcClient sql;
    private final EntityManager entities;
    private final JsonMapper json;

    AuditChain(JdbcClient sql, EntityManager entities, JsonMapper json) {
        this.sql = sql;
        this.entities = entities;
        this.json = json;
    }

    /** The chain's end. */
    record Head(long sequence, String hash) {}

    void append(List<AuditLog.Draft> drafts) {
        // Rows that JPA still holds are written first: whoever has the chain's end must not wait for a row of somebody
        // who waits for the end.
        entities.flush();
        Head head = sql.sql("select sequence, hash from audit_head for update")
                .query((row, _) -> head(row))
                .single();
        for (AuditLog.Draft draft : drafts) {
            head = append(draft, head);
        }
        sql.sql("update audit_head set sequence = ?, hash = ?")
                .params(head.sequence(), head.hash())
                .update();
    }

    private Head append(AuditLog.Draft draft, Head head) {
        // Through JSON and back: the hash is of what the column will give back, whatever types the caller used
        String detail = storable(json.writeValueAsString(draft.detail()));
        AuditEvent event = AuditEvent.after(
                head.sequence(),
                head.hash(),
                draft.at(),
                draft.actor(),
                draft.action(),
                draft.object(),
                draft.result(),
                draft.requestId(),
                json.readValue(detail, FIELDS));
        sql.sql("""
                insert into audit_event (sequence, at, actor, action, object, result, request_id, detail, previous_hash, hash)
                values (?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?)""")
                .params(
                        event.sequence(),
                        event.at().atOffset(ZoneOffset.UTC),
                        event.actor(),
                        event.action(),
                        event.object(),
                        event.result().name(),
                        event.requestId(),
                        detail,
                        event.previousHash(),
                        event.hash())
                .update();
        return new Head(event.sequence(), event.hash());
    }

    /** PostgreSQL keeps neither NUL nor halves of characters in a text. */
    private static String storable(String detail) {
        return detail.replace("\\u0000", "\\ufffd").replaceAll("\\p{Cs}", "\ufffd");
    }

    List<AuditEvent> page(long after, @Nullable String object, int limit) {
        return sql.sql(
                        COLUMNS
                                + "where sequence > :after and (:object::text is null or object = :object) order by sequence limit :limit")
                .param("after", after)
                .param("object", object)
                .param("limit", limit)
                .query((row, _) -> event(row))
                .list();
    }

    Head head() {
        return sql.sql("select sequence, hash from audit_head")
                .query((row, _) -> head(row))
                .single();
    }

    private static Head head(ResultSet row) throws SQLException {
        return new Head(row.getLong("sequence"), row.getString("hash"));
    }

    private AuditEvent event(ResultSet row) throws SQLException {
        return new AuditEvent(
                row.getLong("sequence"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("actor"),
                row.getString("action"),
                row.getString("object"),
                AuditEvent.Result.valueOf(row.getString("result")),
                row.getString("request_id"),
                json.readValue(row.getString("detail"), FIELDS),
                row.getString("previous_hash"),
                row.getString("hash"));
    }
}
