package dev.teal.platform.rollout;

import dev.teal.platform.rollout.domain.Effect;
import dev.teal.platform.rollout.domain.Plan;
import dev.teal.platform.routing.Routing;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.EnvironmentPhase;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Writes a step's effects on the endpoint's rows, all under one new revision, on the condition that nobody changed the route meanwhile. */
@Component
class Effects {
    private final JdbcClient database;
    private final Routing routing;

    Effects(JdbcClient database, Routing routing) {
        this.database = database;
        this.routing = routing;
    }

    /** @throws StaleRollout if the endpoint is not as it was seen */
    void apply(EndpointRow seen, Plan plan, List<Effect> effects, Instant now) {
        if (effects.isEmpty()) {
            return;
        }
        long revision = routing.nextRevision();
        int rows = database.sql("""
                        update endpoint set revision = :revision, version = version + 1
                        where id = :id and generation = :generation and last_generation = :last and revision = :seen""")
                .param("revision", revision)
                .param("id", seen.id())
                .param("generation", seen.generation())
                .param("last", seen.lastGeneration())
                .param("seen", seen.revision())
                .update();
        if (rows == 0) {
            throw new StaleRollout("endpoint " + seen.name() + " has moved on from generation " + seen.generation());
        }
        for (Effect effect : effects) {
            apply(seen, plan, effect, revision, now);
        }
    }

    private void apply(EndpointRow endpoint, Plan plan, Effect effect, long revision, Instant now) {
        switch (effect) {
            case Effect.Assign(var color, var version, var warmWorkers) ->
                database.sql("""
                                update environment set phase = 'LOADING', model = :model, model_version = :version, warm_workers = :warm,
                                       standby_until = null, revision = :revision, since = :now, version = version + 1
                                where endpoint_id = :id and color = :color""")
                        .param("model", plan.model())
                        .param("version", version)
                        .param("warm", warmWorkers)
                        .param("revision", revision)
                        .param("now", at(now))
                        .param("id", endpoint.id())
                        .param("color", color.name())
                        .update();
            case Effect.Warm(var color, var workers) ->
                database.sql("""
                                update environment set warm_workers = :warm, version = version + 1
                                where endpoint_id = :id and color = :color and phase not in ('EMPTY', 'DRAINING')""")
                        .param("warm", workers)
                        .param("id", endpoint.id())
                        .param("color", color.name())
                        .update();
            case Effect.MarkReady(var color) -> phase(endpoint, color, "READY", null, now);
            case Effect.SetNext(var generation, var color) ->
                database.sql("""
                                update endpoint set next_generation = :next, last_generation = :next,
                                       next_blue_percent = :blue, next_green_percent = :green
                                where id = :id""")
                        .param("next", generation)
                        .param("blue", color == Color.BLUE ? 100 : 0)
                        .param("green", color == Color.GREEN ? 100 : 0)
                        .param("id", endpoint.id())
                        .update();
            case Effect.ClearNext() ->
                database.sql("""
                                update endpoint set next_generation = null, next_blue_percent = null, next_green_percent = null
                                where id = :id""").param("id", endpoint.id()).update();
            case Effect.Commit(var generation, var color, var standby) ->
                commit(endpoint, generation, color, standby, revision, now);
            case Effect.KeepStandby(var color, var standby) -> {
                phase(endpoint, color, "STANDBY", now.plus(standby), now);
                apply(endpoint, plan, new Effect.Warm(color, 1), revision, now);
            }
            case Effect.Drain(var color) -> drain(endpoint, color, revision, now);
            case Effect.Desire(var version) ->
                database.sql("update endpoint set desired_version = :version where id = :id")
                        .param("version", version)
                        .param("id", endpoint.id())
                        .update();
        }
    }

    private void commit(
            EndpointRow endpoint, long generation, Color color, Duration standby, long revision, Instant now) {
        if (endpoint.environment(color.other()).phase() == EnvironmentPhase.ACTIVE) {
            // First the old one leaves: the index allows one active color at each moment, not only at commit.
            phase(endpoint, color.other(), "STANDBY", now.plus(standby), now);
        }
        phase(endpoint, color, "ACTIVE", null, now);
        int rows = database.sql("""
                        update endpoint set generation = :generation, last_generation = greatest(last_generation, :generation),
                               blue_percent = :blue, green_percent = :green, route_revision = :revision,
                               next_generation = null, next_blue_percent = null, next_green_percent = null
                        where id = :id and generation = :seen""")
                .param("generation", generation)
                .param("blue", color == Color.BLUE ? 100 : 0)
                .param("green", color == Color.GREEN ? 100 : 0)
                .param("revision", revision)
                .param("id", endpoint.id())
                .param("seen", endpoint.generation())
                .update();
        if (rows == 0) {
            throw new StaleRollout(
                    "endpoint " + endpoint.name() + " has moved on from generation " + endpoint.generation());
        }
    }

    void drain(EndpointRow endpoint, Color color, long revision, Instant now) {
        database.sql("""
                        update environment set phase = 'DRAINING', warm_workers = 0, standby_until = null, revision = :revision,
                               since = :now, version = version + 1
                        where endpoint_id = :id and color = :color and phase <> 'EMPTY'""")
                .param("revision", revision)
                .param("now", at(now))
                .param("id", endpoint.id())
                .param("color", color.name())
                .update();
    }

    void empty(EndpointRow endpoint, Color color, long revision, Instant now) {
        database.sql("""
                        update environment set phase = 'EMPTY', model = null, model_version = null, warm_workers = 0, standby_until = null,
                               revision = :revision, since = :now, version = version + 1
                        where endpoint_id = :id and color = :color""")
                .param("revision", revision)
                .param("now", at(now))
                .param("id", endpoint.id())
                .param("color", color.name())
                .update();
    }

    private void phase(EndpointRow endpoint, Color color, String phase, @Nullable Instant standbyUntil, Instant now) {
        database.sql("""
                        update environment set phase = :phase, standby_until = :until::timestamptz, since = :now, version = version + 1
                        where endpoint_id = :id and color = :color""")
                .param("phase", phase)
                .param("until", standbyUntil == null ? null : standbyUntil.toString())
                .param("now", at(now))
                .param("id", endpoint.id())
                .param("color", color.name())
                .update();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
