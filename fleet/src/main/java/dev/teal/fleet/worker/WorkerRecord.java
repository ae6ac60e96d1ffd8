package dev.teal.fleet.worker;

import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.ColdStart;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A worker process as the fleet keeps it on disk.
 *
 * @param pid 0 while the process is being started; then the worker is known by its id alone
 * @param startedAt the process's start as the operating system has it: with the pid it names one process, also after the pid was given to
 *     another
 * @param assignment null while it has none
 * @param coldStart null until it was ready
 */
record WorkerRecord(
        String id,
        long pid,
        @Nullable Instant startedAt,
        String inferenceSocket,
        String controlSocket,
        @Nullable Assignment assignment,
        @Nullable ColdStart coldStart) {

    WorkerRecord with(ProcessIdentity process) {
        return new WorkerRecord(
                id, process.pid(), process.startedAt(), inferenceSocket, controlSocket, assignment, coldStart);
    }

    WorkerRecord with(@Nullable Assignment newAssignment, @Nullable ColdStart newColdStart) {
        return new WorkerRecord(id, pid, startedAt, inferenceSocket, controlSocket, newAssignment, newColdStart);
    }
}
