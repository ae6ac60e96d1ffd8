package dev.teal.platform.rollout;

import dev.teal.platform.routing.domain.EndpointConfiguration;
import dev.teal.protocol.Color;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.Route;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reads endpoints with their environments. Whoever changes one locks its row first, then the global revision, then the audit chain. */
@Component
public class EndpointRows {
    private static final String SELECT = """
            select e.*,
                   b.id as b_id, b.phase as b_phase, b.model_version as b_version, bm.digest as b_digest, b.warm_workers as b_warm,
                   b.standby_until as b_standby_until, b.revision as b_revision, b.since as b_since,
                   g.id as g_id, g.phase as g_phase, g.model_version as g_version, gm.digest as g_digest, g.warm_workers as g_warm,
                   g.standby_until as g_standby_until, g.revision as g_revision, g.since as g_since
            from endpoint e
            join environment b on b.endpoint_id = e.id and b.color = 'BLUE'
            join environment g on g.endpoint_id = e.id and g.color = 'GREEN'
            left join model_version bm on bm.model = b.model and bm.version = b.model_version
            left join model_version gm on gm.model = g.model and gm.version = g.model_version
            """;

    private final JdbcClient database;

    EndpointRows(JdbcClient database) {
        this.database = database;
    }

    public Optional<EndpointRow> find(String name) {
        return database.sql(SELECT + "where e.name = :name and e.deleted_at is null")
                .param("name", name)
                .query((row, _) -> endpoint(row))
                .optional();
    }

    /** Waits for others that change it. */
    public Optional<EndpointRow> lock(String name) {
        database.sql("select id from endpoint where name = :name and deleted_at is null for update")
                .param("name", name)
                .query(UUID.class)
                .optional();
        return find(name);
    }

    /** Empty where it is gone, or somebody else is changing it right now. */
    Optional<EndpointRow> lockUnlessBusy(UUID id) {
        return database.sql("select id from endpoint where id = :id and deleted_at is null for update skip locked")
                .param("id", id)
                .query(UUID.class)
                .optional()
                .flatMap(this::find);
    }

    Optional<EndpointRow> find(UUID id) {
        return database.sql(SELECT + "where e.id = :id and e.deleted_at is null")
                .param("id", id)
                .query((row, _) -> endpoint(row))
                .optional();
    }

    /** Names in order, from after {@code after}. */
    public List<EndpointRow> page(String after, int limit) {
        return database.sql(SELECT + "where e.deleted_at is null and e.name > :after order by e.name limit :limit")
                .param("after", after)
                .param("limit", limit)
                .query((row, _) -> endpoint(row))
                .list();
    }

    /** The one clock between processes. */
    public Instant now() {
        return database.sql("select clock_timestamp()")
                .query(Timestamp.class)
                .single()
                .toInstant();
    }

    private static EndpointRow endpoint(ResultSet row) throws SQLException {
        long next = row.getLong("next_generation");
        Long nextGeneration = row.wasNull() ? null : Long.valueOf(next);
        return new EndpointRow(
                row.getObject("id", UUID.class),
                row.getString("name"),
                row.getString("model"),
                row.getString("region"),
                Json.MAPPER.readValue(row.getString("configuration"), EndpointConfiguration.class),
                row.getLong("generation"),
                row.getLong("last_generation"),
                new Route(row.getInt("blue_percent"), row.getInt("green_percent"), null),
                nextGeneration,
                row.getLong("revision"),
                row.getLong("route_revision"),
                row.getString("desired_version"),
                row.getTimestamp("created_at").toInstant(),
                row.getString("created_by"),
                environment(row, Color.BLUE, "b_"),
                environment(row, Color.GREEN, "g_"));
    }

    private static EnvironmentRow environment(ResultSet row, Color color, String prefix) throws SQLException {
        String phase = row.getString(prefix + "phase");
        return new EnvironmentRow(
                row.getObject(prefix + "id", UUID.class),
                color,
                phase.equals("EMPTY") ? null : EnvironmentPhase.valueOf(phase),
                row.getString(prefix + "version"),
                row.getString(prefix + "digest"),
                row.getInt(prefix + "warm"),
                instant(row.getTimestamp(prefix + "standby_until")),
                row.getLong(prefix + "revision"),
                row.getTimestamp(prefix + "since").toInstant());
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }
}
