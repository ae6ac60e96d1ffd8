package dev.teal.platform.rollout;

import dev.teal.platform.audit.AuditLog;
import dev.teal.platform.outbox.Outbox;
import dev.teal.platform.request.RequestContext;
import dev.teal.platform.rollout.domain.Plan;
import dev.teal.platform.rollout.domain.Rollout;
import dev.teal.platform.rollout.domain.Signal;
import dev.teal.platform.rollout.domain.Step;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Rollouts as transactions: what the core answers is written whole, with its audit event and its outbox row, or not at all. Callers of
 * {@link #begin} and {@link #signal} hold the endpoint's lock.
 */
@Component
public class Rollouts {
    private static final Logger log = LoggerFactory.getLogger(Rollouts.class);

    private final RolloutRows rows;
    private final EndpointRows endpoints;
    private final Sights sights;
    private final Effects effects;
    private final AuditLog audit;
    private final Outbox outbox;
    private final ApplicationEventPublisher events;
    private final MeterRegistry meters;

    Rollouts(
            RolloutRows rows,
            EndpointRows endpoints,
            Sights sights,
            Effects effects,
            AuditLog audit,
            Outbox outbox,
            ApplicationEventPublisher events,
            MeterRegistry meters) {
        this.rows = rows;
        this.endpoints = endpoints;
        this.sights = sights;
        this.effects = effects;
        this.audit = audit;
        this.outbox = outbox;
        this.events = events;
        this.meters = meters;
    }

    /** Creates a rollout and takes its first step at once. */
    @Transactional(propagation = Propagation.MANDATORY)
    public RolloutRow begin(EndpointRow endpoint, Plan plan, String reason) {
        Instant now = endpoints.now();
        UUID id = UUID.randomUUID();
        Rollout pending = new Rollout.Pending(plan, now);
        String actor = RequestContext.current().actor();
        rows.insert(id, endpoint.id(), pending, now, now, actor);
        rows.transition(id, null, pending.state().name(), actor, reason, now);
        Map<String, Object> detail = new LinkedHashMap<>();
        detail.put("rollout", id.toString());
        detail.put("kind", plan.kind().name());
        detail.put("version", plan.version());
        detail.put("color", plan.color().lowerCase());
        detail.put("promotion", plan.promotion().lowerCase());
        detail.put("reason", reason);
        tell("rollout.create", endpoint.name(), id, detail);
        RolloutRow row = rows.find(id).orElseThrow();
        return step(endpoint, row, new Signal.Look());
    }

    /** @throws dev.teal.platform.rollout.domain.IllegalTransition if it can't be followed now */
    @Transactional(propagation = Propagation.MANDATORY)
    public RolloutRow signal(EndpointRow endpoint, RolloutRow row, Signal signal) {
        return step(endpoint, row, signal);
    }

    /** One look by the engine. @return whether it moved, so that looking again at once makes sense; empty if somebody else is at it */
    @Transactional
    Optional<Boolean> look(RolloutRow due) {
        Optional<EndpointRow> endpoint = endpoints.lockUnlessBusy(due.endpointId());
        if (endpoint.isEmpty()) {
            return Optional.empty();
        }
        Optional<RolloutRow> row = rows.find(due.id()).filter(RolloutRow::open);
        if (row.isEmpty()) {
            return Optional.of(false);
        }
        RolloutRow after = step(endpoint.get(), row.get(), new Signal.Look());
        return Optional.of(after.open() && after.version() != row.get().version());
    }

    private RolloutRow step(EndpointRow endpoint, RolloutRow row, Signal signal) {
        Instant now = endpoints.now();
        Rollout before = row.rollout();
        Step step = before.on(signal, sights.of(endpoint, before.plan()), now);
        Rollout next = step.next();
        boolean moved = !next.equals(before);
        if (!moved && step.effects().isEmpty()) {
            rows.lookAgain(row.id(), step.lookAgain());
            return row;
        }
        rows.update(row, next, step.lookAgain(), now);
        effects.apply(endpoint, next.plan(), step.effects(), now);
        if (moved) {
            String why = next.reason().isEmpty() ? words(signal) : next.reason();
            rows.transition(
                    row.id(), name(before), name(next), RequestContext.current().actor(), why, now);
            tell(
                    "rollout." + name(next).toLowerCase(Locale.ROOT),
                    endpoint.name(),
                    row.id(),
                    Map.of(
                            "rollout", row.id().toString(),
                            "from", name(before),
                            "to", name(next),
                            "version", next.plan().version(),
                            "reason", why));
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    meters.counter("rollout.transitions", "state", name(next)).increment();
                }
            });
            log.atInfo()
                    .addKeyValue("rollout", row.id())
                    .addKeyValue("endpoint", endpoint.name())
                    .addKeyValue("from", name(before))
                    .addKeyValue("to", name(next))
                    .addKeyValue("reason", why)
                    .log("Rollout moved");
        } else {
            tell(
                    "rollout.adjust",
                    endpoint.name(),
                    row.id(),
                    Map.of(
                            "rollout",
                            row.id().toString(),
                            "effects",
                            step.effects().toString(),
                            "reason",
                            step.waitingFor()));
        }
        return rows.find(row.id()).orElseThrow();
    }

    private void tell(String action, String endpoint, UUID id, Map<String, Object> detail) {
        audit.record(action, "endpoints/" + endpoint, detail);
        outbox.add("teal.rollout.state.changed.v1", "endpoints/" + endpoint + "/rollouts/" + id, detail);
        events.publishEvent(new RolloutMoved(id));
    }

    /** SWITCHING and ROLLING_BACK have two halves; the timeline shows both. */
    private static String name(Rollout rollout) {
        return switch (rollout) {
            case Rollout.Preparing _ -> "SWITCHING_PREPARING";
            case Rollout.Committed _ -> "SWITCHING_COMMITTED";
            case Rollout.Retreating _ -> "ROLLING_BACK_WARMING";
            case Rollout.BeforeCommit other -> other.state().name();
            case Rollout.AfterCommit other -> other.state().name();
            case Rollout.Ended other -> other.state().name();
        };
    }

    private static String words(Signal signal) {
        return switch (signal) {
            case Signal.Look _ -> "";
            case Signal.Promote _ -> "promoted";
            case Signal.Abort(var reason) -> reason;
            case Signal.RollBack(var reason) -> reason;
        };
    }

    public Optional<RolloutRow> find(UUID id) {
        return rows.find(id);
    }

    public Optional<RolloutRow> open(EndpointRow endpoint) {
        return rows.open(endpoint.id());
    }

    public Optional<RolloutRow> latest(EndpointRow endpoint) {
        return rows.latest(endpoint.id());
    }

    public List<RolloutRow> page(EndpointRow endpoint, @Nullable UUID before, int limit) {
        return rows.page(endpoint.id(), before, limit);
    }

    public List<Transition> timeline(UUID id) {
        return rows.timeline(id);
    }

    /** The automatic roll-back that speaks against this digest, if none of it has succeeded since. */
    public Optional<RolloutRow> quarantine(EndpointRow endpoint, String digest) {
        return rows.quarantine(endpoint.id(), digest);
    }
}
