package dev.teal.protocol.cell;

import java.util.List;

/** {@code PUT /fleet/v1/demand}, about once a second from each gateway. A gateway that falls silent holds the scale where it was. */
public record Demand(String gateway, String instance, long sequence, List<EnvironmentDemand> environments) {
    public Demand {
        environments = List.copyOf(environments);
    }

    /**
     * @param inFlight requests at workers now
     * @param queued requests held for a worker now
     * @param requests cumulative since the gateway's instance started
     */
    public record EnvironmentDemand(
            String environment, String digest, int inFlight, int queued, long oldestWaitMillis, long requests) {}
}
