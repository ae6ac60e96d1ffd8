package dev.teal.fleet.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Wakes the reconciler and keeps what it must hear of. One reader. */
final class Inbox {

    private final ConcurrentLinkedQueue<Event> events = new ConcurrentLinkedQueue<>();
    private final Semaphore nudge = new Semaphore(0);

    void put(Event event) {
        events.add(event);
        nudge.release();
    }

    void nudge() {
        nudge.release();
    }

    /** Waits for a nudge, at most so long; many nudges are one. */
    void await(long millis) throws InterruptedException {
        nudge.tryAcquire(millis, TimeUnit.MILLISECONDS);
        nudge.drainPermits();
    }

    List<Event> take() {
        List<Event> taken = new ArrayList<>();
        for (Event event = events.poll(); event != null; event = events.poll()) {
            taken.add(event);
        }
        return taken;
    }
}
