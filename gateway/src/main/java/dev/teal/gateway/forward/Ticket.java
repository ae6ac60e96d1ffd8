package dev.teal.gateway.forward;

import dev.teal.gateway.activation.LaneKey;
import dev.teal.gateway.route.domain.Endpoint;
import dev.teal.protocol.cell.EnvironmentState;
import java.time.Duration;

/**
 * What is fixed when a request arrives, for all its repeats.
 *
 * @param live picked by the route's shares, so that it counts as live traffic
 * @param arrivedNanos monotonic
 * @param deadlineNanos monotonic
 */
record Ticket(Endpoint endpoint, EnvironmentState environment, boolean live, long arrivedNanos, long deadlineNanos) {

    LaneKey lane() {
        return new LaneKey(endpoint.name(), environment.id(), environment.digest());
    }

    long remainingMillis(long nowNanos) {
        return (deadlineNanos - nowNanos) / 1_000_000;
    }

    Duration remaining(long nowNanos) {
        return Duration.ofNanos(Math.max(1, deadlineNanos - nowNanos));
    }
}
