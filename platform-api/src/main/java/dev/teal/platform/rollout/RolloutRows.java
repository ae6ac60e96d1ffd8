package dev.teal.platform.rollout;

import dev.teal.platform.rollout.domain.Plan;
import dev.teal.platform.rollout.domain.Rollout;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Rollouts in the database. Writers hold the endpoint's lock. */
@Component
class RolloutRows {
    private static final String SELECT =
            "select r.*, e.name as endpoint, e.region from rollout r join endpoint e on e.id = r.endpoint_id ";
    /** Far away, where the core says never; the column is null only once ended. */
    private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");

    private final JdbcClient database;

    RolloutRows(JdbcClient database) {
        this.database = database;
    }

    Optional<RolloutRow> find(UUID id) {
        return one(database.sql(SELECT + "where r.id = :id").param("id", id));
    }

    Optional<RolloutRow> open(UUID endpointId) {
        return one(database.sql(SELECT + "where r.endpoint_id = :id and r.ended_at is null")
                .param("id", endpointId));
    }

    Optional<RolloutRow> latest(UUID endpointId) {
        return one(database.sql(SELECT + "where r.endpoint_id = :id order by r.created_at desc, r.id desc limit 1")
                .param("id", endpointId));
    }

    /** Newest first, from before {@code before} where given. */
    List<RolloutRow> page(UUID endpointId, @Nullable UUID before, int limit) {
        return database.sql(SELECT + """
                        where r.endpoint_id = :id
                          and (:before::uuid is null or (r.created_at, r.id) < (select b.created_at, b.id from rollout b where b.id = :before::uuid))
                        order by r.created_at desc, r.id desc limit :limit""")
                .param("id", endpointId)
                .param("before", before == null ? null : before.toString())
                .param("limit", limit)
                .query((row, _) -> row(row))
                .list();
    }

    /** Open rollouts whose time has come, and all open ones of regions where something was reported. */
    List<RolloutRow> due(Collection<String> reported) {
        return database.sql(SELECT + """
                        where r.ended_at is null and (r.due_at <= clock_timestamp() or e.region = any(string_to_array(:regions, ',')))
                        order by r.due_at limit 1000""")
                .param("regions", String.join(",", reported))
                .query((row, _) -> row(row))
                .list();
    }

    void insert(UUID id, UUID endpointId, Rollout rollout, Instant dueAt, Instant now, String actor) {
        Plan plan = rollout.plan();
        database.sql("""
                        insert into rollout (id, endpoint_id, kind, state, color, model, model_version, previous_version, detail, reason,
                                             created_at, created_by, state_since, due_at, ended_at)
                        values (:id, :endpoint, :kind, :state, :color, :model, :version, :previous, :detail::jsonb, :reason,
                                :created, :actor, :since, :due, :ended)""")
                .param("id", id)
                .param("endpoint", endpointId)
                .param("kind", plan.kind().name())
                .param("state", rollout.state().name())
                .param("color", plan.color().name())
                .param("model", plan.model())
                .param("version", plan.version())
                .param("previous", plan.previousVersion())
                .param("detail", RolloutJson.write(rollout))
                .param("reason", rollout.reason())
                .param("created", at(now))
                .param("actor", actor)
                .param("since", at(rollout.since()))
                .param("due", rollout.state().ended() ? null : at(dueAt))
                .param("ended", rollout.state().ended() ? at(now) : null)
                .update();
    }

    void update(RolloutRow seen, Rollout next, Instant dueAt, Instant now) {
        int rows = database.sql("""
                        update rollout set state = :state, detail = :detail::jsonb, reason = :reason, state_since = :since,
                               due_at = :due, ended_at = :ended, version = version + 1
                        where id = :id and version = :version""")
                .param("state", next.state().name())
                .param("detail", RolloutJson.write(next))
                .param("reason", next.reason())
                .param("since", at(next.since()))
                .param("due", next.state().ended() ? null : at(dueAt))
                .param("ended", next.state().ended() ? at(now) : null)
                .param("id", seen.id())
                .param("version", seen.version())
                .update();
        if (rows == 0) {
            throw new StaleRollout("rollout " + seen.id() + " has moved on from version " + seen.version());
        }
    }

    void lookAgain(UUID id, Instant dueAt) {
        database.sql("update rollout set due_at = :due where id = :id and ended_at is null")
                .param("due", at(dueAt))
                .param("id", id)
                .update();
    }

    void transition(UUID id, @Nullable String from, String to, String actor, String reason, Instant now) {
        database.sql("""
                        insert into rollout_transition (rollout_id, number, at, from_state, to_state, actor, reason)
                        select :id, coalesce(max(number), 0) + 1, :at, :from, :to, :actor, :reason
                        from rollout_transition where rollout_id = :id""")
                .param("id", id)
                .param("at", at(now))
                .param("from", from)
                .param("to", to)
                .param("actor", actor)
                .param("reason", reason)
                .update();
    }

    List<Transition> timeline(UUID id) {
        return database.sql("select * from rollout_transition where rollout_id = :id order by number")
                .param("id", id)
                .query((row, _) -> new Transition(
                        row.getInt("number"),
                        row.getTimestamp("at").toInstant(),
                        row.getString("from_state"),
                        row.getString("to_state"),
                        row.getString("actor"),
                        row.getString("reason")))
                .list();
    }

    /** The rollout that was rolled back automatically for this digest, if none of the same digest has succeeded since. */
    Optional<RolloutRow> quarantine(UUID endpointId, String digest) {
        return one(database.sql(SELECT + """
                        join model_version m on m.model = r.model and m.version = r.model_version
                        where r.endpoint_id = :id and m.digest = :digest and r.state = 'ROLLED_BACK'
                          and (r.detail -> 'value' ->> 'automatic')::boolean
                          and not exists (select from rollout s join model_version t on t.model = s.model and t.version = s.model_version
                                          where s.endpoint_id = r.endpoint_id and t.digest = :digest and s.state = 'SUCCEEDED'
                                            and s.ended_at > r.ended_at)
                        order by r.ended_at desc limit 1""").param("id", endpointId).param("digest", digest));
    }

    private static Optional<RolloutRow> one(JdbcClient.StatementSpec statement) {
        return statement.query((row, _) -> row(row)).optional();
    }

    private static RolloutRow row(ResultSet row) throws SQLException {
        Timestamp ended = row.getTimestamp("ended_at");
        return new RolloutRow(
                row.getObject("id", UUID.class),
                row.getObject("endpoint_id", UUID.class),
                row.getString("endpoint"),
                row.getString("region"),
                RolloutJson.read(row.getString("detail")),
                row.getLong("version"),
                row.getTimestamp("created_at").toInstant(),
                row.getString("created_by"),
                ended == null ? null : ended.toInstant());
    }

    private static OffsetDateTime at(Instant instant) {
        return (instant.isAfter(NEVER) ? NEVER : instant).atOffset(ZoneOffset.UTC);
    }
}
