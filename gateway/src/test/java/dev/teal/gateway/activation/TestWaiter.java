package dev.teal.gateway.activation;

import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.workers.Worker;
import dev.teal.protocol.oip.Schedule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request of a priority that came at a time, and notes when it is served. */
final class TestWaiter implements Waiter {
    private final String name;
    private final long turnNanos;
    private final List<TestWaiter> served;
    private boolean alone;
    private Runnable lookedFor = () -> {};
    private @Nullable Worker worker;

    /** @param served it goes there when it has a worker */
    TestWaiter(String name, long priority, long sinceNanos, List<TestWaiter> served) {
        this.name = name;
        this.turnNanos = new Schedule(priority, 0).turnNanos(sinceNanos);
        this.served = served;
    }

    TestWaiter toBeAlone() {
        alone = true;
        return this;
    }

    /** @param then run when it is asked for its turn */
    TestWaiter whenLookedFor(Runnable then) {
        lookedFor = then;
        return this;
    }

    Worker worker() {
        if (worker == null) {
            throw new IllegalStateException(name + " has no worker");
        }
        return worker;
    }

    @Override
    public boolean alone() {
        return alone;
    }

    @Override
    public int bodyBytes() {
        return 10;
    }

    @Override
    public long turnNanos() {
        lookedFor.run();
        return turnNanos;
    }

    @Override
    public void granted(Worker given, long waitedNanos) {
        worker = given;
        served.add(this);
    }

    @Override
    public void refused(Answer.Failure failure) {
        throw new IllegalStateException(failure.reason());
    }

    @Override
    public String toString() {
        return name;
    }
}
