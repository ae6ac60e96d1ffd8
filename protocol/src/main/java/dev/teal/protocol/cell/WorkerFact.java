package dev.teal.protocol.cell;

import dev.teal.protocol.worker.ColdStart;
import dev.teal.protocol.worker.WorkerMemory;
import dev.teal.protocol.worker.WorkerState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One worker as its fleet sees it; {@code environment} and {@code digest} are null while it is unassigned. */
public record WorkerFact(
        String id,
        WorkerState state,
        @Nullable String environment,
        @Nullable String digest,
        long pid,
        Instant startedAt,
        @Nullable WorkerMemory memory,
        @Nullable ColdStart coldStart) {}
