package dev.teal.gateway.fleet;

import dev.teal.gateway.activation.Lanes;
import dev.teal.protocol.cell.BackOff;
import dev.teal.protocol.cell.FleetWorkers;
import java.io.IOException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** Follows the fleet's list of ready workers on a thread of its own. While the fleet is away the last list stays: workers show by use. */
public final class FleetFeed implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FleetFeed.class);
    private static final long FIRST_BACK_OFF_MILLIS = 100;
    private static final long LONGEST_BACK_OFF_MILLIS = 1_000;

    private final FleetCalls calls;
    private final Lanes lanes;
    private final RandomGenerator random;
    private final Thread thread;
    private volatile boolean reached;

    public FleetFeed(FleetCalls calls, Lanes lanes, RandomGenerator random) {
        this.calls = calls;
        this.lanes = lanes;
        this.random = random;
        this.thread = Thread.ofPlatform().daemon().name("fleet-workers").unstarted(this::follow);
    }

    public void start() {
        thread.start();
    }

    /** Whether the last poll of the fleet was answered. */
    public boolean reached() {
        return reached;
    }

    private void follow() {
        String instance = "";
        long after = 0;
        BackOff backOff = new BackOff(FIRST_BACK_OFF_MILLIS, LONGEST_BACK_OFF_MILLIS);
        while (!Thread.currentThread().isInterrupted()) {
            try {
                FleetWorkers workers = calls.workers(after);
                boolean fresh = !workers.instance().equals(instance);
                if (fresh || workers.revision() > after) {
                    lanes.update(workers.workers(), fresh);
                }
                instance = workers.instance();
                after = workers.revision();
                reached = true;
                backOff.reset();
            } catch (InterruptedException e) {
                return;
            } catch (IOException | JacksonException | IllegalArgumentException e) {
                if (reached) {
                    log.atWarn()
                            .addKeyValue("reason", e.getMessage())
                            .log("Fleet is away, the last list of workers stays");
                }
                reached = false;
                // It may be another fleet that answers next, with revisions of its own
                after = 0;
                if (!BackOff.sleep(backOff.nextMillis(), random)) {
                    return;
                }
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
