package dev.teal.platform.rollout;

import dev.teal.platform.audit.AuditLog;
import dev.teal.platform.cell.Member;
import dev.teal.platform.cell.Members;
import dev.teal.platform.outbox.Outbox;
import dev.teal.platform.routing.Routing;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.EnvironmentPhase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * What happens to an environment with no rollout at work on it: a standby whose time is over drains, and one that has drained is empty.
 * A life of its own, apart from the rollout's, because it goes on for hours after that has ended.
 */
@Component
class EnvironmentLife {
    private final JdbcClient database;
    private final EndpointRows endpoints;
    private final RolloutRows rollouts;
    private final Members members;
    private final Effects effects;
    private final Routing routing;
    private final AuditLog audit;
    private final Outbox outbox;

    EnvironmentLife(
            JdbcClient database,
            EndpointRows endpoints,
            RolloutRows rollouts,
            Members members,
            Effects effects,
            Routing routing,
            AuditLog audit,
            Outbox outbox) {
        this.database = database;
        this.endpoints = endpoints;
        this.rollouts = rollouts;
        this.members = members;
        this.effects = effects;
        this.routing = routing;
        this.audit = audit;
        this.outbox = outbox;
    }

    List<UUID> due() {
        return database.sql("""
                        select distinct v.endpoint_id from environment v join endpoint e on e.id = v.endpoint_id
                        where e.deleted_at is null and (v.phase = 'DRAINING' or v.phase = 'STANDBY' and v.standby_until <= clock_timestamp())
                        limit 1000""").query(UUID.class).list();
    }

    @Transactional
    void look(UUID endpointId) {
        Optional<EndpointRow> found = endpoints.lockUnlessBusy(endpointId);
        if (found.isEmpty()) {
            return;
        }
        EndpointRow endpoint = found.get();
        Instant now = endpoints.now();
        boolean open = rollouts.open(endpointId).isPresent();
        for (Color color : Color.values()) {
            EnvironmentRow environment = endpoint.environment(color);
            Instant until = environment.standbyUntil();
            if (until != null && !until.isAfter(now) && !open) {
                change(endpoint, environment, "environment.retire", "the standby window is over", now);
            } else if (environment.phase() == EnvironmentPhase.DRAINING) {
                List<Member> seen = members.of(endpoint.region());
                if (Sights.drained(environment, seen)) {
                    change(endpoint, environment, "environment.empty", "its workers have stopped", now);
                }
            }
        }
    }

    /** Sends a standby away before its time. */
    void retire(EndpointRow endpoint, EnvironmentRow standby, String reason) {
        change(endpoint, standby, "environment.retire", reason, endpoints.now());
    }

    private void change(EndpointRow endpoint, EnvironmentRow environment, String action, String reason, Instant now) {
        long revision = routing.nextRevision();
        database.sql("update endpoint set revision = :revision, version = version + 1 where id = :id")
                .param("revision", revision)
                .param("id", endpoint.id())
                .update();
        if (environment.phase() == EnvironmentPhase.DRAINING) {
            effects.empty(endpoint, environment.color(), revision, now);
        } else {
            effects.drain(endpoint, environment.color(), revision, now);
        }
        Map<String, Object> detail = Map.of(
                "color", environment.color().lowerCase(),
                "version", String.valueOf(environment.version()),
                "reason", reason);
        audit.record(action, "endpoints/" + endpoint.name(), detail);
        outbox.add("teal." + action + ".v1", "endpoints/" + endpoint.name(), detail);
    }
}
