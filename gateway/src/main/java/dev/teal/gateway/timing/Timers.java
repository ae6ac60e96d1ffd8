package dev.teal.gateway.timing;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Deadlines and back-off of all requests on one wheel: setting and dropping one costs next to nothing, and most are dropped. */
public final class Timers implements AutoCloseable {
    private static final long TICK_MILLIS = 10;

    private final HashedWheelTimer wheel =
            new HashedWheelTimer(new DefaultThreadFactory("deadlines", true), TICK_MILLIS, TimeUnit.MILLISECONDS, 1024);

    public Timers() {
        // The first timeout would start it and wait for that, which an event loop must not do
        wheel.start();
    }

    /** A timer that is set. */
    public interface Handle {
        void cancel();
    }

    /** @param action runs on the wheel's thread and must be short */
    public Handle after(Duration delay, Runnable action) {
        Timeout timeout = wheel.newTimeout(_ -> action.run(), delay.toNanos(), TimeUnit.NANOSECONDS);
        return timeout::cancel;
    }

    @Override
    public void close() {
        wheel.stop();
    }
}
