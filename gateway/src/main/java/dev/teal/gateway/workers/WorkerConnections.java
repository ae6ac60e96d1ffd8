package dev.teal.gateway.workers;

import dev.teal.protocol.cell.WorkerAddress;
import java.time.Duration;
import reactor.netty.resources.LoopResources;

/** Opens workers on the gateway's own event loops. */
public final class WorkerConnections {
    /** A worker computes no more together unless it is told to, and each request is a connection. */
    private static final int MOST_ROWS = 128;

    private final Settings settings;
    private final LoopResources loops;

    /**
     * @param requestsPerConcurrency how many requests a worker holds for each run: enough that it never waits for the gateway
     * @param idleTime below a worker's keep-alive time, so that the worker is not the one that closes
     * @param responseLimitBytes largest response that is passed on
     */
    public record Settings(int requestsPerConcurrency, Duration idleTime, long responseLimitBytes) {}

    public WorkerConnections(Settings settings, LoopResources loops) {
        this.settings = settings;
        this.loops = loops;
    }

    public Worker open(WorkerAddress address) {
        int requestsAtOnce = requestsAtOnce(address);
        return new Worker(address, requestsAtOnce, new WorkerClient(address, requestsAtOnce, settings, loops));
    }

    /** Where requests are computed together, as many for each run as it may have rows, and as many again that wait for the next. */
    private int requestsAtOnce(WorkerAddress address) {
        int rows = address.rows() == null ? 1 : Math.min(address.rows(), MOST_ROWS);
        return Math.max(1, address.concurrency())
                * Math.max(settings.requestsPerConcurrency(), rows > 1 ? 2 * rows : 1);
    }
}
