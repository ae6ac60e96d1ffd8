package dev.teal.fleet.worker;

import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.ColdStart;
import dev.teal.protocol.worker.WorkerExit;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker that is a process of this machine. */
final class LocalWorker implements RunningWorker {

    private static final Logger log = LoggerFactory.getLogger(LocalWorker.class);

    private static final long REAPED_MILLIS = 1_000;

    private final ProcessHandle process;
    private final @Nullable Process own;
    private final ProcessIdentity identity;
    private final WorkerControl control;
    private final WorkerRecords records;
    private final SocketDirectory sockets;
    private final CompletableFuture<Void> exited = new CompletableFuture<>();
    private volatile WorkerRecord kept;

    /** @param own the same process where this fleet started it: a parent alone learns its exit code, others find what it noted */
    LocalWorker(
            WorkerRecord kept,
            ProcessHandle process,
            @Nullable Process own,
            ProcessIdentity identity,
            WorkerControl control,
            WorkerRecords records,
            SocketDirectory sockets) {
        this.kept = kept;
        this.process = process;
        this.own = own;
        this.identity = identity;
        this.control = control;
        this.records = records;
        this.sockets = sockets;
        process.onExit().thenRun(() -> exited.complete(null));
    }

    @Override
    public String id() {
        return kept.id();
    }

    @Override
    public long pid() {
        return identity.pid();
    }

    @Override
    public Instant startedAt() {
        return identity.startedAt();
    }

    @Override
    public String address() {
        return "unix:" + kept.inferenceSocket();
    }

    @Override
    public WorkerControl control() {
        return control;
    }

    @Override
    public CompletableFuture<Void> exited() {
        return exited;
    }

    @Override
    public boolean gone() {
        // An adopted process is nobody's child here, so Java only polls for its end, and takes a zombie for alive
        if (!ProcessIdentity.runs(process)) {
            exited.complete(null);
        }
        return exited.isDone();
    }

    @Override
    public Optional<WorkerExit> exit() {
        try {
            if (own == null) {
                return sockets.exitNote(id()).read();
            }
            return own.waitFor(REAPED_MILLIS, TimeUnit.MILLISECONDS)
                    ? WorkerExit.of(own.exitValue())
                    : Optional.empty();
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("worker", id())
                    .addKeyValue("reason", e.getMessage())
                    .log("What a worker left as its reason cannot be read");
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @Override
    public synchronized void remember(@Nullable Assignment assignment, @Nullable ColdStart coldStart)
            throws IOException {
        WorkerRecord next = kept.with(assignment, coldStart);
        if (!exited.isDone()) {
            records.write(next);
        }
        kept = next;
    }

    @Override
    public Optional<Assignment> assignment() {
        return Optional.ofNullable(kept.assignment());
    }

    @Override
    public Optional<ColdStart> coldStart() {
        return Optional.ofNullable(kept.coldStart());
    }

    @Override
    public void kill() {
        // The handle knows its start time as well: Java does not signal a pid that was given to another
        process.destroyForcibly();
    }

    @Override
    public synchronized void forget() {
        exited.complete(null);
        try {
            records.remove(kept.id());
            sockets.remove(kept.id());
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("worker", kept.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("A worker's leftovers could not be removed");
        }
    }
}
