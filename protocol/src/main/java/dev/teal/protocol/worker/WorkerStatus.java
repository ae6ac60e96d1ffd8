package dev.teal.protocol.worker;

import org.jspecify.annotations.Nullable;

/**
 * {@code GET /worker/v1/status?after=revision} on the control socket; waits up to 20 s for a change of state.
 *
 * @param revision grows with each change of state
 * @param idleMillis since the last request ended, or since ready; monotonic
 * @param environment null while unassigned, as {@code digest}, {@code memory} (until warm) and {@code coldStart} (until ready)
 */
public record WorkerStatus(
        String id,
        long revision,
        WorkerState state,
        int inFlight,
        long idleMillis,
        @Nullable String environment,
        @Nullable String digest,
        @Nullable WorkerMemory memory,
        @Nullable ColdStart coldStart,
        @Nullable WorkerFailure failure) {}
