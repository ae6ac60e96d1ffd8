package dev.teal.fleet.run;

import dev.teal.fleet.worker.AvailableMemory;
import dev.teal.fleet.worker.WorkerProperties;
import dev.teal.protocol.worker.WorkerFailure;
import dev.teal.protocol.worker.WorkerMemory;
import dev.teal.protocol.worker.WorkerState;
import java.util.Optional;

/** Whether the machine's memory holds one more worker: by what the version was measured to need, else by an estimate. */
final class Room {

    private static final long MEBI = 1024 * 1024;

    private final AvailableMemory available;
    private final MemoryBook memory;
    private final Workers workers;
    private final long estimateBytes;
    private final long reserveBytes;

    Room(AvailableMemory available, MemoryBook memory, Workers workers, WorkerProperties properties) {
        this.available = available;
        this.memory = memory;
        this.workers = workers;
        this.estimateBytes = properties.memoryEstimate().toBytes();
        this.reserveBytes = properties.memoryReserve().toBytes();
    }

    /** @param fromPool the process is there already, only the model comes on top */
    Optional<WorkerFailure> refuses(String digest, long artifactBytes, boolean fromPool) {
        long needed = memory.of(digest)
                .map(measured -> fromPool ? measured.modelBytes() : measured.afterWarmUpBytes())
                .orElse(fromPool ? artifactBytes : estimateBytes + artifactBytes);
        return refuses(needed);
    }

    Optional<WorkerFailure> refusesPoolWorker() {
        return refuses(estimateBytes);
    }

    private Optional<WorkerFailure> refuses(long neededBytes) {
        long free = available.bytes();
        long left = free - reserveBytes - promisedBytes();
        if (neededBytes <= left) {
            return Optional.empty();
        }
        return Optional.of(new WorkerFailure(
                WorkerFailure.Code.NO_CAPACITY,
                "a worker needs " + neededBytes / MEBI + " MiB of memory, the machine has " + free / MEBI
                        + " MiB available, of which " + reserveBytes / MEBI + " MiB are reserved and "
                        + promisedBytes() / MEBI + " MiB promised to workers that are starting"));
    }

    /** Workers on their way have not taken yet what they will. */
    private long promisedBytes() {
        return workers.all().stream()
                .filter(worker -> !worker.leaving() && worker.state().compareTo(WorkerState.READY) < 0)
                .mapToLong(this::promisedBytes)
                .sum();
    }

    private long promisedBytes(Worker worker) {
        long process = worker.running().isPresent() && worker.status().isPresent() ? 0 : estimateBytes;
        long model = worker.claim()
                .flatMap(claim -> memory.of(claim.spec().digest()))
                .map(WorkerMemory::modelBytes)
                .orElse(0L);
        return process + model;
    }
}
