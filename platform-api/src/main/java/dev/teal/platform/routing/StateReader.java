package dev.teal.platform.routing;

import dev.teal.platform.routing.domain.EndpointConfiguration;
import dev.teal.protocol.Color;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.EnvironmentState;
import dev.teal.protocol.cell.InferenceKey;
import dev.teal.protocol.cell.NextRoute;
import dev.teal.protocol.cell.Route;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelSignature;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Reads the state document's content from rows. One repeatable-read snapshot, so that revision and rows belong together. */
@Component
class StateReader {
    private final JdbcClient database;
    private final TransactionTemplate snapshot;

    StateReader(JdbcClient database, PlatformTransactionManager transactions) {
        this.database = database;
        this.snapshot = new TransactionTemplate(transactions);
        this.snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        this.snapshot.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        this.snapshot.setReadOnly(true);
    }

    long revision() {
        return database.sql("select revision from cell_state").query(Long.class).single();
    }

    /** @param after 0 for everything, also the names of all endpoints that are gone */
    StateChange changedAfter(String region, long after) {
        return snapshot.execute(_ -> {
            long revision = revision();
            Map<UUID, Map<Color, EnvironmentState>> environments = environments(region, after);
            Map<String, @Nullable EndpointState> endpoints = new LinkedHashMap<>();
            database.sql("""
                            select * from endpoint where region = :region and revision > :after
                            order by deleted_at nulls last, revision""")
                    .param("region", region)
                    .param("after", after)
                    .query((row, _) -> {
                        EndpointState state = row.getTimestamp("deleted_at") == null
                                ? endpoint(row, environments.getOrDefault(row.getObject("id", UUID.class), Map.of()))
                                : null;
                        endpoints.put(row.getString("name"), state);
                        return row.getString("name");
                    })
                    .list();
            List<EndpointState> present = new ArrayList<>();
            List<String> removed = new ArrayList<>();
            endpoints.forEach((name, state) -> {
                if (state == null) {
                    removed.add(name);
                } else {
                    present.add(state);
                }
            });
            return new StateChange(revision, present, removed, keys());
        });
    }

    private Map<UUID, Map<Color, EnvironmentState>> environments(String region, long after) {
        Map<UUID, Map<Color, EnvironmentState>> environments = new HashMap<>();
        database.sql("""
                        select v.endpoint_id, v.id, v.color, v.phase, v.warm_workers, v.standby_until, v.model, v.model_version,
                               m.digest, m.samples_digest, m.signature, m.config, o.bytes, e.configuration
                        from environment v
                        join endpoint e on e.id = v.endpoint_id
                        join model_version m on m.model = v.model and m.version = v.model_version
                        join stored_object o on o.digest = m.digest
                        where e.region = :region and e.revision > :after and e.deleted_at is null""")
                .param("region", region)
                .param("after", after)
                .query((row, _) -> environments
                        .computeIfAbsent(row.getObject("endpoint_id", UUID.class), _ -> new HashMap<>())
                        .put(Color.valueOf(row.getString("color")), environment(region, row)))
                .list();
        return environments;
    }

    private static EnvironmentState environment(String region, ResultSet row) throws SQLException {
        EndpointConfiguration configuration = configuration(row);
        ModelConfig config = config(row.getString("config"));
        String samples = row.getString("samples_digest");
        String digest = row.getString("digest");
        return new EnvironmentState(
                row.getString("id"),
                Color.valueOf(row.getString("color")),
                EnvironmentPhase.valueOf(row.getString("phase")),
                row.getString("model"),
                row.getString("model_version"),
                digest,
                row.getLong("bytes"),
                "/cell/v1/" + region + "/artifacts/" + digest,
                samples,
                samples == null ? null : "/cell/v1/" + region + "/samples/" + samples,
                Json.MAPPER.readValue(row.getString("signature"), ModelSignature.class),
                config,
                configuration.runtime(config),
                configuration.scaling(row.getInt("warm_workers")),
                instant(row.getTimestamp("standby_until")));
    }

    private static EndpointState endpoint(ResultSet row, Map<Color, EnvironmentState> environments)
            throws SQLException {
        long nextGeneration = row.getLong("next_generation");
        NextRoute next = row.wasNull()
                ? null
                : new NextRoute(
                        nextGeneration,
                        new Route(row.getInt("next_blue_percent"), row.getInt("next_green_percent"), null));
        return new EndpointState(
                row.getString("name"),
                row.getLong("generation"),
                new Route(row.getInt("blue_percent"), row.getInt("green_percent"), null),
                next,
                configuration(row).limits(),
                environments.get(Color.BLUE),
                environments.get(Color.GREEN));
    }

    private static @Nullable ModelConfig config(@Nullable String json) {
        return json == null ? null : Json.MAPPER.readValue(json, ModelConfig.class);
    }

    private static EndpointConfiguration configuration(ResultSet row) throws SQLException {
        return Json.MAPPER.readValue(row.getString("configuration"), EndpointConfiguration.class);
    }

    private List<InferenceKey> keys() {
        return database.sql("""
                        select id, secret_digest, expires_at from api_key
                        where role = 'INFERENCE' and revoked_at is null
                        order by id""")
                .query((row, _) -> new InferenceKey(
                        row.getString("id"), row.getString("secret_digest"), instant(row.getTimestamp("expires_at"))))
                .list();
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }
}
