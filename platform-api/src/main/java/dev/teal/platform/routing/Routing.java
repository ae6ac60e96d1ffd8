package dev.teal.platform.routing;

import dev.teal.platform.access.InferenceKeysChanged;
import dev.teal.protocol.cell.StateUpdate;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The state document of each region, kept in memory, and the one place that moves its revision. Those who wait for the next revision
 * hold a virtual thread and nothing else.
 */
@Component
public class Routing {
    static final String CHANNEL = "teal_state";

    private final JdbcClient database;
    private final StateReader reader;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Map<String, RegionState> regions = new ConcurrentHashMap<>();
    private final Wake wake = new Wake();
    private volatile boolean closing;
    private final AtomicLong newest = new AtomicLong();

    Routing(JdbcClient database, StateReader reader, MeterRegistry meters) {
        meters.gauge("routing.revision", newest);
        this.database = database;
        this.reader = reader;
    }

    /**
     * The revision of the change that the current transaction makes. Takes the lock that puts revisions in order, until commit: call it
     * after locking the endpoint and before the audit event. Cells hear of it when the transaction has committed.
     */
    @Transactional(propagation = Propagation.MANDATORY)
    public long nextRevision() {
        long revision = database.sql("update cell_state set revision = revision + 1 returning revision")
                .query(Long.class)
                .single();
        database.sql("select pg_notify(:channel, :revision)")
                .param("channel", CHANNEL)
                .param("revision", Long.toString(revision))
                .query((_, _) -> revision)
                .single();
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                wake.now();
            }
        });
        return revision;
    }

    /** In the transaction that made or revoked an inference key: a new revision, or no change. */
    @EventListener
    void keysChanged(InferenceKeysChanged event) {
        nextRevision();
    }

    /** What a reader at {@code after} lacks, as soon as there is something or {@code longest} is over. */
    public StateUpdate update(String region, long after, Duration longest) throws InterruptedException {
        long left = longest.toNanos();
        lock.lock();
        try {
            RegionState state = state(region);
            while (after != 0 && after >= state.revision() && left > 0 && !closing) {
                left = moved.awaitNanos(left);
                state = state(region);
            }
            return state.after(after);
        } finally {
            lock.unlock();
        }
    }

    /** Lets all who wait go, so that stopping does not wait for them. */
    @EventListener(ContextClosedEvent.class)
    void close() {
        closing = true;
        lock.lock();
        try {
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Newest revision that this instance has seen. */
    public long revision(String region) {
        return state(region).revision();
    }

    /** What stands in the region's state document for each environment, by the environment's id. */
    public Map<String, Placement> placements(String region) {
        return state(region).placements();
    }

    private RegionState state(String region) {
        return regions.computeIfAbsent(region, name -> RegionState.empty(name).with(reader.changedAfter(name, 0)));
    }

    /** Reads what is new, if anything is. Called by one thread at a time. */
    void refresh() {
        newest.set(reader.revision());
        for (Map.Entry<String, RegionState> region : regions.entrySet()) {
            RegionState known = region.getValue();
            if (newest.get() > known.revision()) {
                RegionState next = known.with(reader.changedAfter(region.getKey(), known.revision()));
                lock.lock();
                try {
                    regions.put(region.getKey(), next);
                    moved.signalAll();
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    Wake wake() {
        return wake;
    }

    /** Shortens the refresher's pause. */
    static final class Wake {
        private final Semaphore permits = new Semaphore(0);

        void now() {
            permits.release();
        }

        void await(Duration longest) throws InterruptedException {
            if (permits.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                permits.drainPermits();
            }
        }
    }
}
