package dev.teal.platform.rollout;

import dev.teal.platform.registry.Registry;
import dev.teal.platform.registry.domain.ModelVersion;
import dev.teal.platform.rollout.domain.Plan;
import dev.teal.platform.rollout.domain.Rollout;
import dev.teal.platform.rollout.domain.RolloutKind;
import dev.teal.platform.rollout.domain.RolloutState;
import dev.teal.platform.rollout.domain.Signal;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** What people and pipelines ask of rollouts. All within the transaction of the caller, the endpoint locked first. */
@Component
@Transactional(propagation = Propagation.MANDATORY)
public class RolloutCommands {
    private final JdbcClient database;
    private final EndpointRows endpoints;
    private final Rollouts rollouts;
    private final Registry registry;
    private final EnvironmentLife environments;

    RolloutCommands(
            JdbcClient database,
            EndpointRows endpoints,
            Rollouts rollouts,
            Registry registry,
            EnvironmentLife environments) {
        this.database = database;
        this.endpoints = endpoints;
        this.rollouts = rollouts;
        this.registry = registry;
        this.environments = environments;
    }

    /** @param created whether this call made the rollout */
    public record Answer(RolloutRow rollout, boolean created) {}

    EndpointRow lock(String endpoint, @Nullable String ifMatch) {
        EndpointRow row = endpoints.lock(endpoint).orElseThrow(() -> new UnknownEndpoint(endpoint));
        StaleVersion.check(endpoint, ifMatch, row.generation());
        return row;
    }

    /** A declared version: with defaults, and not out of quarantine. */
    public RolloutRow declare(EndpointRow endpoint, String version) {
        String digest = registered(endpoint.model(), version).digest();
        rollouts.quarantine(endpoint, digest).ifPresent(rolledBack -> {
            throw new QuarantinedVersion(rolledBack);
        });
        return start(endpoint, RolloutRequest.of(version), "declared");
    }

    /** @throws dev.teal.platform.problem.domain.Refused where the model has no such version */
    public void requireVersion(String model, String version) {
        registered(model, version);
    }

    RolloutRow start(EndpointRow endpoint, RolloutRequest request, String reason) {
        // First: to wait for the open rollout's end would not help
        ModelVersion wanted = registered(endpoint.model(), request.wanted());
        rollouts.open(endpoint).ifPresent(open -> {
            throw new RolloutInProgress(open, "wait for its end, or abort it first");
        });
        Plan plan = plan(endpoint, request, wanted);
        database.sql("update endpoint set desired_version = :version where id = :id")
                .param("version", request.wanted())
                .param("id", endpoint.id())
                .update();
        return rollouts.begin(endpoint, plan, reason);
    }

    private Plan plan(EndpointRow endpoint, RolloutRequest request, ModelVersion wanted) {
        Optional<EnvironmentRow> active = endpoint.active();
        if (active.isEmpty()) {
            return request.initial(endpoint.model());
        }
        String live = String.valueOf(active.get().version());
        if (live.equals(request.wanted())) {
            throw new VersionAlreadyActive(endpoint.name(), live);
        }
        SignatureIncompatible.check(
                live, registered(endpoint.model(), live).signature(), request.wanted(), wanted.signature());
        return request.release(endpoint.model(), active.get().color().other(), live);
    }

    RolloutRow promote(UUID id, @Nullable String ifMatch) {
        return command(id, ifMatch, row -> switchedOrOnTheWay(row.rollout()), new Signal.Promote());
    }

    RolloutRow abort(UUID id, @Nullable String ifMatch, String reason) {
        return command(id, ifMatch, row -> row.rollout().state() == RolloutState.ABORTED, new Signal.Abort(reason));
    }

    /** A command whose end is reached already changes nothing and is no error: callers repeat what they got no answer to. */
    private RolloutRow command(UUID id, @Nullable String ifMatch, Predicate<RolloutRow> reached, Signal signal) {
        RolloutRow seen = rollouts.find(id).orElseThrow(() -> new UnknownRollout(id.toString()));
        Optional<EndpointRow> endpoint = endpoints.lock(seen.endpoint());
        RolloutRow row = rollouts.find(id).orElseThrow(() -> new UnknownRollout(id.toString()));
        if (reached.test(row) || endpoint.isEmpty() || !endpoint.get().id().equals(row.endpointId())) {
            return row;
        }
        StaleVersion.check(seen.endpoint(), ifMatch, endpoint.get().generation());
        return rollouts.signal(endpoint.get(), row, signal);
    }

    private static boolean switchedOrOnTheWay(Rollout rollout) {
        return rollout instanceof Rollout.Preparing
                || rollout instanceof Rollout.AfterCommit
                || rollout instanceof Rollout.Succeeded;
    }

    Answer rollBack(EndpointRow endpoint, String reason) {
        Optional<RolloutRow> open = rollouts.open(endpoint);
        if (open.isPresent()) {
            return new Answer(rollBackOpen(endpoint, open.get(), reason), false);
        }
        EnvironmentRow standby = endpoint.standby().orElseThrow(() -> new NoRollbackTarget(endpoint.name()));
        String live = endpoint.active().map(EnvironmentRow::version).orElseThrow();
        Plan plan = Plan.rollback(standby.color(), endpoint.model(), String.valueOf(standby.version()), live);
        return new Answer(rollouts.begin(endpoint, plan, reason), true);
    }

    private RolloutRow rollBackOpen(EndpointRow endpoint, RolloutRow open, String reason) {
        Rollout rollout = open.rollout();
        boolean onTheWay =
                rollout.plan().kind() == RolloutKind.ROLLBACK || rollout.state() == RolloutState.ROLLING_BACK;
        if (onTheWay) {
            return open;
        }
        if (rollout instanceof Rollout.BeforeCommit && !(rollout instanceof Rollout.Preparing)) {
            throw new RolloutInProgress(open, "live traffic has not moved yet; abort it, then roll back");
        }
        return rollouts.signal(endpoint, open, new Signal.RollBack(reason));
    }

    /** Frees what the standby holds, and with it the way back. Nothing standing by is what was wanted. */
    void retireStandby(EndpointRow endpoint) {
        rollouts.open(endpoint).ifPresent(open -> {
            throw new RolloutInProgress(open, "it may need the standby to go back to; wait for its end");
        });
        endpoint.standby().ifPresent(standby -> environments.retire(endpoint, standby, "retired by request"));
    }

    /** @throws RolloutInProgress where live traffic has moved and the rollout can't be given up */
    public void giveUpBeforeDeletion(EndpointRow endpoint) {
        rollouts.open(endpoint).ifPresent(open -> {
            if (!(open.rollout() instanceof Rollout.BeforeCommit)) {
                throw new RolloutInProgress(open, "wait for its end, or roll back, and delete then");
            }
            rollouts.signal(endpoint, open, new Signal.Abort("the endpoint was deleted"));
        });
    }

    private ModelVersion registered(String model, String version) {
        return registry.find(model, version).orElseThrow(() -> new VersionNotRegistered(model, version));
    }
}
