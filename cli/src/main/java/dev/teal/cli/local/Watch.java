package dev.teal.cli.local;

import dev.teal.cli.terminal.Refused;
import dev.teal.cli.terminal.Terminal;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One part, brought up and then kept up. */
final class Watch implements Callable<ProcessHandle> {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** Up for this long, it has recovered: the next death starts with a short pause again. */
    private static final Duration RECOVERED = Duration.ofSeconds(60);

    /** A start that takes longer is worth a line, so that nobody thinks it hangs. */
    private static final Duration WORTH_A_LINE = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int TAIL_LINES = 20;

    private final Part part;
    private final RunRecords records;
    private final Terminal terminal;
    private final BooleanSupplier stopping;
    private @Nullable Thread guard;

    Watch(Part part, RunRecords records, Terminal terminal, BooleanSupplier stopping) {
        this.part = part;
        this.records = records;
        this.terminal = terminal;
        this.stopping = stopping;
    }

    /** Finds the part running, or starts it; returns when it is ready. */
    @Override
    public ProcessHandle call() throws IOException, InterruptedException {
        long start = System.nanoTime();
        Optional<ProcessHandle> found = adopted();
        ProcessHandle process = found.isPresent() ? found.get() : launched();
        terminal.say(
                "  %-14s %s on %d, pid %d  %s",
                part.name(),
                found.isPresent() ? "runs already" : "ready",
                part.port(),
                process.pid(),
                Terminal.since(start));
        return process;
    }

    /** From now on it is started again when it dies, in a thread of its own. */
    void guard() {
        guard = Thread.ofVirtual().name("watch-" + part.name()).start(this::keepUp);
    }

    void leave() throws InterruptedException {
        if (guard != null) {
            guard.interrupt();
            guard.join();
        }
    }

    private void keepUp() {
        Duration pause = FIRST_PAUSE;
        try {
            while (!stopping.getAsBoolean()) {
                long since = System.nanoTime();
                awaitEnd();
                if (stopping.getAsBoolean()) {
                    return;
                }
                pause = System.nanoTime() - since > RECOVERED.toNanos() ? FIRST_PAUSE : pause;
                terminal.say("  %-14s ended; starting it again in %s", part.name(), Terminal.spell(pause));
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
                again();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // we are stopping
        }
    }

    private void again() throws InterruptedException {
        try {
            if (!stopping.getAsBoolean()) {
                call();
            }
        } catch (IOException | RuntimeException e) {
            terminal.say("  %-14s did not start: %s", part.name(), e.getMessage());
        }
    }

    private void awaitEnd() throws InterruptedException {
        while (!stopping.getAsBoolean()) {
            try {
                if (records.running(part.name()).isEmpty()) {
                    return;
                }
            } catch (IOException e) {
                terminal.say("  %-14s record cannot be read: %s", part.name(), e.getMessage());
            }
            Thread.sleep(LOOK);
        }
    }

    private Optional<ProcessHandle> adopted() throws IOException, InterruptedException {
        Optional<ProcessHandle> running = Stopping.find(part, records);
        if (running.isEmpty()) {
            return Optional.empty();
        }
        boolean same = records.read(part.name())
                .filter(known -> known.fingerprint().equals(part.fingerprint()))
                .isPresent();
        if (same && isReadyWithin(running.get(), part.startLimit())) {
            return running;
        }
        part.stop(running.get()); // other settings, another build, or it hangs
        return Optional.empty();
    }

    private ProcessHandle launched() throws IOException, InterruptedException {
        if (stopping.getAsBoolean()) {
            throw new Refused(Refused.FAILED, "stopped while starting");
        }
        ProcessHandle process = part.start();
        ProcessId id = ProcessId.of(process);
        records.write(new RunRecord(
                part.name(), id.pid(), id.startedAt(), part.port(), part.managementPort(), part.fingerprint()));
        if (isReadyWithin(process, part.startLimit())) {
            return process;
        }
        if (stopping.getAsBoolean()) {
            throw new Refused(Refused.FAILED, "stopped while starting");
        }
        String how = ProcessId.runs(process)
                ? "was not ready after " + Terminal.spell(part.startLimit())
                : "ended while starting";
        throw new Refused(
                Refused.FAILED,
                "%s %s. The end of %s:%n%s"
                        .formatted(part.name(), how, part.log(), LogTail.of(part.log(), TAIL_LINES)));
    }

    private boolean isReadyWithin(ProcessHandle process, Duration limit) throws InterruptedException {
        long start = System.nanoTime();
        Duration nextLine = WORTH_A_LINE;
        while (true) {
            Duration waited = Duration.ofNanos(System.nanoTime() - start);
            if (waited.compareTo(limit) > 0 || !ProcessId.runs(process) || stopping.getAsBoolean()) {
                return false;
            }
            if (part.isReady()) {
                return true;
            }
            if (waited.compareTo(nextLine) > 0) {
                terminal.say("  %-14s starting … %s", part.name(), Terminal.spell(waited));
                nextLine = waited.multipliedBy(2);
            }
            Thread.sleep(LOOK);
        }
    }
}
