package dev.teal.fleet.run;

import dev.teal.fleet.run.domain.Spec;
import dev.teal.fleet.run.domain.Trouble;
import dev.teal.fleet.scale.DemandBook;
import dev.teal.fleet.scale.domain.Autoscaler;
import dev.teal.fleet.scale.domain.Decision;
import dev.teal.fleet.scale.domain.DemandHistory;
import dev.teal.fleet.scale.domain.ScalePolicy;
import dev.teal.fleet.scale.domain.Situation;
import dev.teal.protocol.cell.EnvironmentState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the reconciler remembers of one environment between two looks. Used by its thread alone. */
final class EnvironmentRun {

    private static final Logger log = LoggerFactory.getLogger(EnvironmentRun.class);
    private static final ScalePolicy POLICY = ScalePolicy.KNATIVE;
    private static final Autoscaler AUTOSCALER = new Autoscaler(POLICY);

    /** A first worker answers some hundred queued requests in well under this; if it can't, there is demand, and more will start. */
    private static final Duration SETTLING = Duration.ofSeconds(2);

    private final EnvironmentState wanted;
    private final Spec spec;
    private final long sinceNanos;
    private Trouble trouble = Trouble.NONE;
    private DemandHistory history = DemandHistory.NONE;
    private long sampledNanos;
    private int desired;
    private boolean idle;
    private @Nullable Long panicSinceNanos;

    /** @param running workers that it has already: that many are wanted until somebody says otherwise */
    EnvironmentRun(String endpoint, EnvironmentState wanted, int running, long nowNanos) {
        this.wanted = wanted;
        this.spec = Spec.of(endpoint, wanted);
        this.desired = running;
        this.sinceNanos = nowNanos;
        this.sampledNanos = nowNanos;
    }

    EnvironmentState wanted() {
        return wanted;
    }

    Spec spec() {
        return spec;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    Trouble trouble() {
        return trouble;
    }

    boolean idle() {
        return idle;
    }

    /** @param woken somebody waits for a worker */
    int decide(DemandBook.Known demand, boolean woken, int ready, long nowNanos) {
        if (ready == 0) {
            history = DemandHistory.NONE;
            panicSinceNanos = null;
            // What is heard until the first is ready, and while it works off what queued for it, tells of the wait
            sampledNanos = nowNanos + SETTLING.toNanos();
        } else if (demand.heardNanos() - sampledNanos > 0) {
            sampledNanos = demand.heardNanos();
            history = history.with(
                    new DemandHistory.Sample(demand.heardNanos(), demand.concurrency()), POLICY.stableWindow());
        }
        boolean wantedNow = woken || demand.concurrency() > 0;
        Duration unused = wantedNow ? Duration.ZERO : Duration.ofNanos(nowNanos - demand.wantedNanos());
        Decision decision = AUTOSCALER.decide(new Situation(
                wanted.scaling(),
                wanted.runtime().concurrency(),
                history,
                desired,
                ready,
                wantedNow,
                demand.known(),
                unused,
                panicSinceNanos,
                nowNanos));
        panicSinceNanos = decision.panicSinceNanos();
        idle = demand.known()
                && !wantedNow
                && unused.toMillis() >= wanted.scaling().idleTimeoutMillis();
        if (decision.desired() != desired) {
            log.atInfo()
                    .addKeyValue("environment", wanted.id())
                    .addKeyValue("from", desired)
                    .addKeyValue("to", decision.desired())
                    .addKeyValue("why", decision.why())
                    .log("Scale changes");
            desired = decision.desired();
        }
        return desired;
    }

    /** @param ready workers, whatever became of the one that this is about */
    void hear(Event event, int ready, long nowNanos) {
        trouble = switch (event) {
            case Event.Proven _ -> trouble.proven();
            case Event.Failed failed -> trouble.failed(failed.failure(), wanted.phase(), nowNanos);
            case Event.Crashed crashed -> trouble.crashed(crashed.why(), wanted.phase(), nowNanos);
        };
        if (trouble.told().isPresent() && !(event instanceof Event.Proven)) {
            // What nobody waits for any more is not tried again by itself; what is ready stays
            desired = Math.max(wanted.scaling().minWorkers(), Math.min(desired, ready));
        }
    }
}
