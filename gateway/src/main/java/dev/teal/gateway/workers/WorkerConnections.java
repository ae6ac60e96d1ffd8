package dev.teal.gateway.workers;

import dev.teal.protocol.cell.WorkerAddress;
import java.time.Duration;
import reactor.netty.resources.LoopResources;

/** Opens workers on the gateway's own event loops. */
public final class WorkerConnections {
    private final Settings settings;
    private final LoopResources loops;

    /**
     * @param requestsPerConcurrency how many requests a worker holds for each that it computes: enough that it never waits for the gateway
     * @param idleTime below a worker's keep-alive time, so that the worker is not the one that closes
     * @param responseLimitBytes largest response that is passed on
     */
    public record Settings(int requestsPerConcurrency, Duration idleTime, long responseLimitBytes) {}

    public WorkerConnections(Settings settings, LoopResources loops) {
        this.settings = settings;
        this.loops = loops;
    }

    public Worker open(WorkerAddress address) {
        int requestsAtOnce = Math.max(1, address.concurrency()) * settings.requestsPerConcurrency();
        return new Worker(address, requestsAtOnce, new WorkerClient(address, requestsAtOnce, settings, loops));
    }
}
