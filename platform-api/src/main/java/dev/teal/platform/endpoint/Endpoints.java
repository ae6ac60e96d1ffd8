package dev.teal.platform.endpoint;

import dev.teal.platform.access.CellProperties;
import dev.teal.platform.audit.AuditLog;
import dev.teal.platform.outbox.Outbox;
import dev.teal.platform.request.RequestContext;
import dev.teal.platform.rollout.EndpointRow;
import dev.teal.platform.rollout.EndpointRows;
import dev.teal.platform.rollout.EnvironmentRow;
import dev.teal.platform.rollout.RolloutCommands;
import dev.teal.platform.rollout.RolloutInProgress;
import dev.teal.platform.rollout.RolloutRow;
import dev.teal.platform.rollout.Rollouts;
import dev.teal.platform.rollout.StaleVersion;
import dev.teal.platform.rollout.UnknownEndpoint;
import dev.teal.platform.routing.Routing;
import dev.teal.platform.routing.domain.EndpointConfiguration;
import dev.teal.protocol.Color;
import dev.teal.protocol.Json;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Declares endpoints: creates, changes and deletes them, within the caller's transaction. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
class Endpoints {
    private final JdbcClient database;
    private final EndpointRows rows;
    private final RolloutCommands commands;
    private final Rollouts rollouts;
    private final Routing routing;
    private final AuditLog audit;
    private final Outbox outbox;
    private final CellProperties cells;

    Endpoints(
            JdbcClient database,
            EndpointRows rows,
            RolloutCommands commands,
            Rollouts rollouts,
            Routing routing,
            AuditLog audit,
            Outbox outbox,
            CellProperties cells) {
        this.database = database;
        this.rows = rows;
        this.commands = commands;
        this.rollouts = rollouts;
        this.routing = routing;
        this.audit = audit;
        this.outbox = outbox;
        this.cells = cells;
    }

    /** @return whether it was created by this call */
    boolean declare(String name, EndpointRequest request, @Nullable String ifMatch) {
        EndpointRequest.checkName(name);
        EndpointConfiguration configuration = request.wantedConfiguration();
        String model = request.wantedModel();
        String version = request.wantedVersion();
        Optional<EndpointRow> existing = rows.lock(name);
        if (existing.isEmpty()) {
            StaleVersion.checkAbsent(name, ifMatch);
            if (create(name, model, version, region(request.region()), configuration)) {
                return true;
            }
            // Somebody created it between our look and our insert.
            existing = rows.lock(name);
        }
        EndpointRow endpoint = existing.orElseThrow();
        StaleVersion.check(name, ifMatch, endpoint.generation());
        fixed(endpoint, "model", endpoint.model(), model);
        fixed(endpoint, "region", endpoint.region(), request.region() == null ? endpoint.region() : request.region());
        if (!configuration.equals(endpoint.configuration())) {
            endpoint = reconfigure(endpoint, configuration);
        }
        version(endpoint, version);
        return false;
    }

    private boolean create(
            String name, String model, String version, String region, EndpointConfiguration configuration) {
        commands.requireVersion(model, version);
        UUID id = UUID.randomUUID();
        var now = rows.now().atOffset(ZoneOffset.UTC);
        long generation = database.sql("select coalesce(max(last_generation), 0) from endpoint where name = :name")
                .param("name", name)
                .query(Long.class)
                .single();
        // Revision 0 until the row is really ours: the global one is locked after the endpoint, as everywhere.
        int inserted = database.sql("""
                        insert into endpoint (id, name, model, region, configuration, generation, last_generation, blue_percent, green_percent,
                                              revision, route_revision, desired_version, created_at, created_by)
                        values (:id, :name, :model, :region, :configuration::jsonb, :generation, :generation, 0, 0, 0, 0, :version, :now, :actor)
                        on conflict (name) where deleted_at is null do nothing""")
                .param("id", id)
                .param("name", name)
                .param("model", model)
                .param("region", region)
                .param("configuration", Json.MAPPER.writeValueAsString(configuration))
                .param("generation", generation)
                .param("version", version)
                .param("now", now)
                .param("actor", RequestContext.current().actor())
                .update();
        if (inserted == 0) {
            return false;
        }
        for (Color color : Color.values()) {
            database.sql(
                            "insert into environment (id, endpoint_id, color, phase, since) values (:id, :endpoint, :color, 'EMPTY', :now)")
                    .param("id", UUID.randomUUID())
                    .param("endpoint", id)
                    .param("color", color.name())
                    .param("now", now)
                    .update();
        }
        tell("endpoint.create", name, Map.of("model", model, "version", version, "region", region));
        touch(id);
        commands.declare(rows.find(name).orElseThrow(), version);
        return true;
    }

    private EndpointRow reconfigure(EndpointRow endpoint, EndpointConfiguration configuration) {
        database.sql("update endpoint set configuration = :configuration::jsonb where id = :id")
                .param("configuration", Json.MAPPER.writeValueAsString(configuration))
                .param("id", endpoint.id())
                .update();
        touch(endpoint.id());
        tell(
                "endpoint.configure",
                endpoint.name(),
                Map.of(
                        "before", Json.MAPPER.convertValue(endpoint.configuration(), Map.class),
                        "after", Json.MAPPER.convertValue(configuration, Map.class)));
        return rows.find(endpoint.name()).orElseThrow();
    }

    private void version(EndpointRow endpoint, String version) {
        // First: to wait for the open rollout's end would not help
        commands.requireVersion(endpoint.model(), version);
        Optional<RolloutRow> open = rollouts.open(endpoint);
        if (open.isPresent()) {
            if (!open.get().rollout().plan().version().equals(version)) {
                throw new RolloutInProgress(open.get(), "wait for its end, or abort it first");
            }
            return;
        }
        String live = endpoint.active().map(EnvironmentRow::version).orElse(null);
        if (live == null) {
            // Nothing is served: declaring again is asking to try again, with this version or another.
            commands.declare(endpoint, version);
        } else if (version.equals(live)) {
            desire(endpoint, version);
        } else if (!version.equals(endpoint.desiredVersion())) {
            commands.declare(endpoint, version);
        }
    }

    /** Back to what is live: no rollout, but the declaration has changed. */
    private void desire(EndpointRow endpoint, String version) {
        if (!version.equals(endpoint.desiredVersion())) {
            database.sql("update endpoint set desired_version = :version where id = :id")
                    .param("version", version)
                    .param("id", endpoint.id())
                    .update();
            tell("endpoint.declare", endpoint.name(), Map.of("version", version));
        }
    }

    void delete(String name, @Nullable String ifMatch) {
        EndpointRow endpoint = rows.lock(name).orElseThrow(() -> new UnknownEndpoint(name));
        StaleVersion.check(name, ifMatch, endpoint.generation());
        commands.giveUpBeforeDeletion(endpoint);
        long revision = routing.nextRevision();
        database.sql("""
                        update endpoint set deleted_at = clock_timestamp(), revision = :revision, blue_percent = 0, green_percent = 0,
                               next_generation = null, next_blue_percent = null, next_green_percent = null, version = version + 1
                        where id = :id""").param("revision", revision).param("id", endpoint.id()).update();
        // The state document does not name it any more: gateways answer 404 and the fleet drains what ran for it.
        database.sql("""
                        update environment set phase = 'EMPTY', model = null, model_version = null, warm_workers = 0, standby_until = null,
                               revision = :revision, since = clock_timestamp(), version = version + 1
                        where endpoint_id = :id""").param("revision", revision).param("id", endpoint.id()).update();
        tell("endpoint.delete", name, Map.of("generation", endpoint.generation()));
    }

    private void touch(UUID id) {
        database.sql("update endpoint set revision = :revision, version = version + 1 where id = :id")
                .param("revision", routing.nextRevision())
                .param("id", id)
                .update();
    }

    private String region(@Nullable String asked) {
        String region = asked == null ? cells.regions().getFirst() : asked;
        if (!cells.regions().contains(region)) {
            throw new InvalidEndpoint("region must be one of " + cells.regions() + ", got '" + region + "'");
        }
        return region;
    }

    private static void fixed(EndpointRow endpoint, String field, String is, String asked) {
        if (!is.equals(asked)) {
            throw new EndpointIsFixed("the " + field + " of endpoint \"" + endpoint.name() + "\" is " + is
                    + " for its life, got " + asked + "; create another endpoint, or delete this one first");
        }
    }

    private void tell(String action, String name, Map<String, Object> detail) {
        audit.record(action, "endpoints/" + name, detail);
        outbox.add("teal." + action + ".v1", "endpoints/" + name, detail);
    }
}
