package dev.teal.protocol.cell;

import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerState;
import org.jspecify.annotations.Nullable;

/**
 * What a fleet runs for one environment.
 *
 * @param digest the version it is about; facts of another digest than the environment's are stale
 * @param furthest how far the best worker has come, or null with no worker
 * @param failure why no worker could be proven, the latest one, kept until a worker is ready; null while all is well
 */
public record EnvironmentFact(
        String environment,
        String digest,
        int workers,
        int readyWorkers,
        @Nullable WorkerState furthest,
        @Nullable WorkerFailure failure) {}
