package dev.teal.protocol.cell;

import java.util.List;

/** All ready workers of a fleet: the answer to {@code GET /fleet/v1/workers?after=revision}, which waits up to 20 s for a change. */
public record FleetWorkers(String instance, long revision, List<WorkerAddress> workers) {
    public FleetWorkers {
        workers = List.copyOf(workers);
    }
}
