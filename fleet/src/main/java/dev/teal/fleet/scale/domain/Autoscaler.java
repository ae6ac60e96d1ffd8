package dev.teal.fleet.scale.domain;

import java.util.Locale;
import java.util.Optional;

/**
 * Knative's autoscaler: workers = average concurrency / (concurrency of one × utilization), rounded up, over a stable window, and over a
 * short one in a burst, while which nothing goes down. Example: 14 requests at once, workers of 4, 70 %: 14 / 2.8 = 5 workers.
 *
 * <p>To zero (or the minimum) leads only the idle timeout, never an average; and missing demand holds what is.
 */
public final class Autoscaler {

    private final ScalePolicy policy;

    public Autoscaler(ScalePolicy policy) {
        this.policy = policy;
    }

    public Decision decide(Situation now) {
        if (!now.wanted()
                && now.demandKnown()
                && now.idle().toMillis() >= now.scaling().idleTimeoutMillis()) {
            return new Decision(
                    now.scaling().minWorkers(),
                    "idle for " + now.idle().toMillis() + " ms of "
                            + now.scaling().idleTimeoutMillis(),
                    null);
        }
        if (now.ready() == 0) {
            // What queues before the first worker is there says how long that takes, not how many are needed: one, then
            // look again
            return new Decision(bounded(now.desiredBefore(), now), "from zero, one at first", null);
        }
        double target = now.concurrency() * policy.utilization();
        double stable = now.history().average(policy.stableWindow(), now.nowNanos());
        double burst = now.history().average(policy.panicWindow(), now.nowNanos());
        int stableWish = workers(stable, target);
        int burstWish = workers(burst, target);
        boolean bursting = burstWish >= policy.panicThreshold() * now.ready();
        Optional<Long> panic = bursting ? Optional.of(now.nowNanos()) : now.panic(policy);
        int wish = panic.isPresent() ? Math.max(burstWish, now.desiredBefore()) : stableWish;
        return new Decision(bounded(wish, now), explain(now, stable, burst, target, panic), panic.orElse(null));
    }

    /** 28 / 2.8 is a little more than 10 in floating point, and that little is no reason for an eleventh worker. */
    private static int workers(double concurrency, double target) {
        return (int) Math.ceil(concurrency / target - 1e-9);
    }

    private static int bounded(int wish, Situation now) {
        int before = Math.max(now.desiredBefore(), now.wanted() ? 1 : 0);
        int floor = now.demandKnown() ? Math.min(1, before) : before;
        return Math.clamp(
                Math.max(wish, floor), now.scaling().minWorkers(), now.scaling().maxWorkers());
    }

    private static String explain(Situation now, double stable, double burst, double target, Optional<Long> panic) {
        return String.format(
                Locale.ROOT,
                "concurrency %.2f stable, %.2f in the panic window, target %.2f a worker%s%s",
                stable,
                burst,
                target,
                panic.isPresent() ? ", panic" : "",
                now.demandKnown() ? "" : ", demand unknown: held");
    }
}
