package dev.teal.gateway.activation;

import dev.teal.protocol.cell.WorkerAddress;

/** How an attempt to wake an environment ended. */
public sealed interface WakeResult {
    record Ready(WorkerAddress worker) implements WakeResult {}

    /** The fleet says that it can't be done: all who wait get its reason. */
    record Refused(String reason, long retryAfterSeconds) implements WakeResult {}

    /** Nobody knows: worth another try. */
    record Unknown(String reason) implements WakeResult {}
}
