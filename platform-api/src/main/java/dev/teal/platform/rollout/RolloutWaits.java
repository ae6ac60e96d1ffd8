package dev.teal.platform.rollout;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;

/** Lets callers wait for a rollout. A waiter holds its virtual thread and nothing else; the database is asked again after each move. */
@Component
class RolloutWaits {
    /** Another instance may have moved it: then nobody here is told. */
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

    private final Rollouts rollouts;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private long moves;
    private volatile boolean closing;

    RolloutWaits(Rollouts rollouts) {
        this.rollouts = rollouts;
    }

    @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
    void moved(RolloutMoved event) {
        wake();
    }

    private void wake() {
        lock.lock();
        try {
            moves++;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets all who wait go, so that stopping does not wait for them. */
    @EventListener(ContextClosedEvent.class)
    void close() {
        closing = true;
        wake();
    }

    /** The rollout once it is as wanted, or as it is when the time is over. */
    RolloutRow await(UUID id, Predicate<RolloutRow> wanted, Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        while (true) {
            long seen = moves();
            RolloutRow row = rollouts.find(id).orElseThrow(() -> new UnknownRollout(id.toString()));
            long left = end - System.nanoTime();
            if (wanted.test(row) || left <= 0 || closing) {
                return row;
            }
            pause(seen, Math.min(left, ASK_AGAIN.toNanos()));
        }
    }

    private long moves() {
        lock.lock();
        try {
            return moves;
        } finally {
            lock.unlock();
        }
    }

    private void pause(long seen, long nanos) throws InterruptedException {
        lock.lock();
        try {
            if (moves == seen) {
                boolean _ = moved.await(nanos, TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }
}
