package dev.teal.gateway.grpc;

import dev.teal.gateway.timing.Timers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** All watches of anybody's health, looked at by turns while there are any: what they depend on tells nobody of a change. */
final class Watches {
    private static final int MOST = 1_000;
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private final Timers timers;
    private final Set<Watch> open = ConcurrentHashMap.newKeySet();
    private boolean looking;
    private boolean stopped;

    Watches(Timers timers) {
        this.timers = timers;
    }

    /** One client that watches one service. */
    interface Watch {
        /** Tells the client what has changed since it was told, if anything has. */
        void look();

        /** The gateway stops. */
        void end();
    }

    /** @return false, and it is not watched, where there are too many */
    synchronized boolean add(Watch watch) {
        if (stopped || open.size() >= MOST) {
            return false;
        }
        open.add(watch);
        if (!looking) {
            looking = true;
            lookLater();
        }
        return true;
    }

    void remove(Watch watch) {
        open.remove(watch);
    }

    private void lookLater() {
        timers.after(LOOK_EVERY, this::lookAll);
    }

    private void lookAll() {
        open.forEach(Watch::look);
        synchronized (this) {
            looking = !open.isEmpty() && !stopped;
            if (looking) {
                lookLater();
            }
        }
    }

    /** Each client is told a last time, and its call ends. */
    void stop() {
        synchronized (this) {
            stopped = true;
        }
        open.forEach(watch -> {
            watch.look();
            watch.end();
        });
    }
}
