package dev.teal.platform.rollout;

import dev.teal.platform.cell.MemberReported;
import dev.teal.platform.database.DatabaseState;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Looks at rollouts whose time has come, and at once when a member reports or a command was given. It keeps nothing: any number of
 * instances run beside each other, and one that dies anywhere leaves a due row for the next.
 */
@Component
class RolloutTicker implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(RolloutTicker.class);
    private static final Duration TICK = Duration.ofMillis(500);
    /** While another transaction holds the endpoint; it may have looked before our news came. */
    private static final Duration BUSY = Duration.ofMillis(20);
    /** More steps than any rollout has; a rollout that moves on and on must not starve the others. */
    private static final int STEPS_AT_ONCE = 16;

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    private final Rollouts rollouts;
    private final EndpointRows endpoints;
    private final RolloutRows rows;
    private final EnvironmentLife environments;
    private final DatabaseState state;
    private final Set<String> reported = ConcurrentHashMap.newKeySet();
    private final Semaphore nudge = new Semaphore(0);
    private final AtomicInteger dueNow = new AtomicInteger();
    private volatile boolean running;
    private volatile Thread thread = Thread.currentThread();

    RolloutTicker(
            Rollouts rollouts,
            EndpointRows endpoints,
            RolloutRows rows,
            EnvironmentLife environments,
            DatabaseState state,
            MeterRegistry meters) {
        this.rollouts = rollouts;
        this.endpoints = endpoints;
        this.rows = rows;
        this.environments = environments;
        this.state = state;
        meters.gauge("rollout.due", dueNow);
    }

    @EventListener
    void reported(MemberReported report) {
        reported.add(report.region());
        nudge.release();
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void moved(RolloutMoved moved) {
        nudge.release();
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofVirtual().name("rollout-ticker").start(this::run);
    }

    private void run() {
        AtomicBoolean busy = new AtomicBoolean();
        while (running) {
            try {
                if (nudge.tryAcquire((busy.getAndSet(false) ? BUSY : TICK).toMillis(), TimeUnit.MILLISECONDS)) {
                    nudge.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
            try {
                state.whileUp("rollouts", () -> busy.set(tick()));
            } catch (RuntimeException e) {
                log.atError().setCause(e).log("Rollouts not looked at");
            }
        }
    }

    /** @return whether something was held by somebody else and should be looked at again soon */
    private boolean tick() {
        Set<String> regions = Set.copyOf(reported);
        reported.removeAll(regions);
        boolean busy = false;
        List<RolloutRow> found = rows.due(regions);
        dueNow.set(found.size());
        for (RolloutRow due : found) {
            if (!settle(due)) {
                busy = true;
                reported.add(due.region());
            }
        }
        List<UUID> endpointIds = environments.due();
        endpointIds.forEach(environments::look);
        return busy;
    }

    private boolean settle(RolloutRow due) {
        try {
            for (int i = 0; i < STEPS_AT_ONCE; i++) {
                Optional<Boolean> moved = rollouts.look(due);
                if (moved.isEmpty()) {
                    return false;
                }
                if (!moved.get()) {
                    return true;
                }
            }
            return true;
        } catch (StaleRollout stale) {
            return false;
        } catch (DataAccessException | TransactionException e) {
            throw e;
        } catch (RuntimeException e) {
            // One rollout that cannot go on must not hold up the others.
            log.atError().setCause(e).addKeyValue("rollout", due.id()).log("Rollout could not be moved");
            rows.lookAgain(due.id(), endpoints.now().plus(AFTER_FAILURE));
            return true;
        }
    }

    @Override
    public void stop() {
        running = false;
        thread.interrupt();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
