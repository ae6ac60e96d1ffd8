package dev.teal.gateway.fleet;

import dev.teal.gateway.activation.Lanes;
import dev.teal.protocol.cell.Demand;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** Tells the fleet each second, and at once when somebody waits for an environment without a worker, how much is asked of it. */
public final class DemandReports implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DemandReports.class);
    private static final long EVERY_MILLIS = 1_000;
    /** However many begin to wait at once, they make one report. */
    private static final long LEAST_MILLIS = 50;

    private final String gateway;
    private final String instance;
    private final FleetCalls calls;
    private final Lanes lanes;
    private final Semaphore nudge = new Semaphore(0);
    private final Thread thread;
    private long sequence;

    public DemandReports(String gateway, String instance, FleetCalls calls, Lanes lanes) {
        this.gateway = gateway;
        this.instance = instance;
        this.calls = calls;
        this.lanes = lanes;
        this.thread = Thread.ofPlatform().daemon().name("fleet-demand").unstarted(this::report);
    }

    public void start() {
        lanes.onUrgentDemand(nudge::release);
        thread.start();
    }

    private void report() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                send();
                Thread.sleep(LEAST_MILLIS);
                nudge.tryAcquire(EVERY_MILLIS - LEAST_MILLIS, TimeUnit.MILLISECONDS);
                nudge.drainPermits();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void send() throws InterruptedException {
        try {
            calls.demand(new Demand(gateway, instance, ++sequence, lanes.demand()));
        } catch (IOException | JacksonException e) {
            log.atDebug().addKeyValue("reason", e.getMessage()).log("Demand not delivered");
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
