package dev.teal.platform.registry;

import dev.teal.platform.registry.domain.Model;
import dev.teal.platform.registry.domain.ModelVersion;
import dev.teal.protocol.Json;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelSignature;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;

/** Models and versions in the database. Plain SQL and no entities: a row is written once and never changes, so there is no state to track. */
@Component
class VersionRows {
    private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};
    private static final TypeReference<List<String>> NOTES = new TypeReference<>() {};
    private static final String VERSIONS = """
            select v.model, v.version, v.digest, o.bytes, v.signature, v.config, v.config_notes, v.samples_digest, v.samples_count, v.description, v.labels,
                   v.created_at, v.created_by
            from model_version v join stored_object o on o.digest = v.digest
            """;
    private static final String MODELS = """
            select m.name, m.description, m.created_at, m.created_by,
                   (select v.version from model_version v where v.model = m.name order by v.created_at desc, length(v.version) desc, v.version desc limit 1) latest
            from model m
            """;

    private final JdbcClient sql;

    VersionRows(JdbcClient sql) {
        this.sql = sql;
    }

    /** @return whether it is new */
    boolean insert(Model model) {
        return sql.sql(
                                "insert into model (name, description, created_at, created_by) values (?, ?, ?, ?) on conflict do nothing")
                        .params(model.name(), model.description(), utc(model.createdAt()), model.createdBy())
                        .update()
                == 1;
    }

    Optional<Model> model(String name) {
        return sql.sql(MODELS + "where m.name = ?")
                .param(name)
                .query((row, _) -> model(row))
                .optional();
    }

    List<Model> models(String after, int limit) {
        return sql.sql(MODELS + "where m.name > ? order by m.name limit ?")
                .params(after, limit)
                .query((row, _) -> model(row))
                .list();
    }

    /** Until the transaction ends nobody else gives out a number of this model. @return whether there is such a model */
    boolean lock(String model) {
        return sql.sql("select name from model where name = ? for update")
                .param(model)
                .query(String.class)
                .optional()
                .isPresent();
    }

    /** One above the highest version that is a number. */
    String nextVersion(String model) {
        return sql.sql(
                        "select (coalesce(max(version::numeric), 0) + 1)::text from model_version where model = ? and version ~ '^[0-9]{1,62}$'")
                .param(model)
                .query(String.class)
                .single();
    }

    Optional<ModelVersion> version(String model, String version) {
        return sql.sql(VERSIONS + "where v.model = ? and v.version = ?")
                .params(model, version)
                .query((row, _) -> version(row))
                .optional();
    }

    /** In the order of their length and then their letters, which for numbers is theirs. */
    List<ModelVersion> versions(String model, String after, int limit) {
        return sql.sql(VERSIONS + """
                where v.model = :model and (length(v.version), v.version) > (length(:after), :after)
                order by length(v.version), v.version limit :limit""")
                .param("model", model)
                .param("after", after)
                .param("limit", limit)
                .query((row, _) -> version(row))
                .list();
    }

    void insert(ModelVersion version) {
        sql.sql("""
                insert into model_version (model, version, digest, samples_digest, samples_count, signature, config, config_notes, description, labels,
                                           created_at, created_by)
                values (:model, :version, :digest, :samplesDigest, :samplesCount, :signature::jsonb, :config::jsonb, :notes::jsonb, :description, :labels::jsonb, :at, :by)""")
                .param("model", version.model())
                .param("version", version.version())
                .param("digest", version.digest())
                .param("samplesDigest", version.samplesDigest())
                .param("samplesCount", version.samplesCount())
                .param("signature", Json.MAPPER.writeValueAsString(version.signature()))
                .param("config", version.config() == null ? null : Json.MAPPER.writeValueAsString(version.config()))
                .param("notes", Json.MAPPER.writeValueAsString(version.notes()))
                .param("description", version.description())
                .param("labels", Json.MAPPER.writeValueAsString(version.labels()))
                .param("at", utc(version.createdAt()))
                .param("by", version.createdBy())
                .update();
    }

    /** Until the transaction ends nobody else adds or removes the object's row or its file. */
    void lockObject(String digest) {
        sql.sql("select pg_advisory_xact_lock(hashtextextended(?, 1))")
                .param(digest)
                .query((_, _) -> true)
                .list();
    }

    void insertObject(String digest, long bytes, Instant now) {
        sql.sql("insert into stored_object (digest, bytes, created_at) values (?, ?, ?) on conflict do nothing")
                .params(digest, bytes, utc(now))
                .update();
    }

    Optional<Long> objectBytes(String digest) {
        return sql.sql("select bytes from stored_object where digest = ?")
                .param(digest)
                .query(Long.class)
                .optional();
    }

    private static OffsetDateTime utc(Instant at) {
        return at.atOffset(ZoneOffset.UTC);
    }

    private static Model model(ResultSet row) throws SQLException {
        return new Model(
                row.getString("name"),
                row.getString("description"),
                row.getString("latest"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getString("created_by"));
    }

    private static @Nullable ModelConfig config(@Nullable String json) {
        return json == null ? null : Json.MAPPER.readValue(json, ModelConfig.class);
    }

    private static ModelVersion version(ResultSet row) throws SQLException {
        return new ModelVersion(
                row.getString("model"),
                row.getString("version"),
                row.getString("digest"),
                row.getLong("bytes"),
                Json.MAPPER.readValue(row.getString("signature"), ModelSignature.class),
                config(row.getString("config")),
                Json.MAPPER.readValue(row.getString("config_notes"), NOTES),
                row.getString("samples_digest"),
                row.getInt("samples_count"),
                row.getString("description"),
                Json.MAPPER.readValue(row.getString("labels"), LABELS),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getString("created_by"));
    }
}
