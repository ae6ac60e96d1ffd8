package dev.teal.fleet.worker;

import dev.teal.protocol.worker.WorkerStatus;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Workers as processes of this machine. They outlive the fleet: nothing ties them to it but their record and their socket. */
final class LocalWorkerRuntime implements WorkerRuntime {

    private static final Logger log = LoggerFactory.getLogger(LocalWorkerRuntime.class);

    private final LaunchCommand command;
    private final SocketDirectory sockets;
    private final WorkerRecords records;
    private final WorkerLogs logs;
    private final UnixHttp http;
    private final Duration answerLimit;
    private final RandomGenerator random;

    LocalWorkerRuntime(
            WorkerProperties properties,
            Path stateDirectory,
            SocketDirectory sockets,
            UnixHttp http,
            RandomGenerator random)
            throws IOException {
        this.command = new LaunchCommand(
                properties,
                sockets.path(),
                stateDirectory.resolve("cache").resolve("optimised").toAbsolutePath());
        this.sockets = sockets;
        this.records = new WorkerRecords(stateDirectory.resolve("workers"));
        this.logs = new WorkerLogs(stateDirectory.resolve("logs"));
        this.http = http;
        this.answerLimit = properties.hangLimit();
        this.random = random;
    }

    @Override
    public String newId() {
        return WorkerId.random(random);
    }

    @Override
    public RunningWorker start(String id) throws IOException {
        WorkerRecord intent = intent(id);
        // Before the process exists: a fleet that dies between the two lines below would else never know of it
        records.write(intent);
        try {
            logs.prune();
            ProcessBuilder builder = new ProcessBuilder(command.of(id))
                    .directory(sockets.path().toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectErrorStream(true)
                    .redirectOutput(logs.file(id).toFile());
            LaunchCommand.keepNeeded(builder.environment());
            return started(intent, builder.start());
        } catch (IOException e) {
            records.remove(id);
            throw e;
        }
    }

    /** What is known of a worker before its process is. */
    private WorkerRecord intent(String id) {
        return new WorkerRecord(
                id,
                0,
                null,
                sockets.inference(id).toString(),
                sockets.control(id).toString(),
                null,
                null);
    }

    private RunningWorker started(WorkerRecord intent, Process process) throws IOException {
        try {
            ProcessIdentity identity = ProcessIdentity.of(process.toHandle())
                    .orElseThrow(() -> new IOException("worker ended as it started, see " + logs.file(intent.id())));
            WorkerRecord kept = intent.with(identity);
            records.write(kept);
            return worker(kept, process.toHandle(), process, identity);
        } catch (IOException e) {
            // Nobody would ever know of it
            process.destroyForcibly();
            throw e;
        }
    }

    private LocalWorker worker(
            WorkerRecord kept, ProcessHandle process, @Nullable Process own, ProcessIdentity identity) {
        ControlSocket control = new ControlSocket(http, Path.of(kept.controlSocket()), answerLimit);
        return new LocalWorker(kept, process, own, identity, control, records, sockets);
    }

    @Override
    public List<RunningWorker> adopt() throws IOException {
        List<Future<Optional<RunningWorker>>> looked = new ArrayList<>();
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            for (WorkerRecord kept : records.all(this::intent)) {
                looked.add(each.submit(() -> adopt(kept)));
            }
        }
        List<RunningWorker> adopted = new ArrayList<>();
        for (Future<Optional<RunningWorker>> look : looked) {
            if (look.state() == Future.State.SUCCESS) {
                look.resultNow().ifPresent(adopted::add);
            } else {
                log.atWarn().setCause(look.exceptionNow()).log("A worker could not be looked for");
            }
        }
        return adopted;
    }

    private Optional<RunningWorker> adopt(WorkerRecord kept) throws IOException {
        Optional<ProcessHandle> process = process(kept);
        boolean answers = answers(kept);
        Optional<ProcessIdentity> found = process.flatMap(ProcessIdentity::of);
        if (process.isPresent() && found.isPresent() && answers) {
            ProcessIdentity identity = found.get();
            WorkerRecord known = kept.with(identity);
            if (kept.pid() != identity.pid()) {
                records.write(known);
            }
            log.atInfo()
                    .addKeyValue("worker", kept.id())
                    .addKeyValue("pid", identity.pid())
                    .log("Worker adopted");
            return Optional.of(worker(known, process.get(), null, identity));
        }
        if (process.isPresent()) {
            // Ours by pid and start time, but it hangs or never came up
            process.get().destroyForcibly();
        } else if (answers) {
            // It has our private socket and our id, yet is not the process that we wrote down: it can't be watched, so
            // it is asked to go
            new ControlSocket(http, Path.of(kept.controlSocket()), answerLimit).stop();
        }
        log.atWarn()
                .addKeyValue("worker", kept.id())
                .addKeyValue("pid", kept.pid())
                .addKeyValue("outcome", process.isPresent() ? "killed" : "gone")
                .addKeyValue("itsReason", sockets.exitNote(kept.id()).read().orElse(null))
                .log("Worker not adopted");
        records.remove(kept.id());
        sockets.remove(kept.id());
        return Optional.empty();
    }

    private static Optional<ProcessHandle> process(WorkerRecord kept) {
        if (kept.pid() == 0 || kept.startedAt() == null) {
            return ProcessIdentity.byWorkerId(kept.id());
        }
        return new ProcessIdentity(kept.pid(), kept.startedAt()).find();
    }

    private boolean answers(WorkerRecord kept) {
        ControlSocket control = new ControlSocket(http, Path.of(kept.controlSocket()), answerLimit);
        try {
            WorkerStatus status = control.status(0).get(answerLimit.toMillis(), TimeUnit.MILLISECONDS);
            return status.id().equals(kept.id());
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
