package dev.teal.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** One process for sure. A pid alone may have been given to another program since, and that one must never be killed. */
record ProcessId(long pid, Instant startedAt) {
    /** The start is computed from the boot time, which moves by a little when the machine's clock is set. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    static ProcessId of(ProcessHandle process) {
        return new ProcessId(process.pid(), process.info().startInstant().orElse(Instant.EPOCH));
    }

    /** The process, if it still runs and is the same. */
    Optional<ProcessHandle> find() {
        return ProcessHandle.of(pid).filter(ProcessId::runs).filter(this::isSame);
    }

    private boolean isSame(ProcessHandle process) {
        return process.info()
                .startInstant()
                .filter(start -> Duration.between(start, startedAt).abs().compareTo(SLACK) <= 0)
                .isPresent();
    }

    /** A dead process that its parent has not asked for yet is "alive" to Java; where nobody takes over orphans it stays so. */
    static boolean runs(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (IOException | IndexOutOfBoundsException e) {
            return process.isAlive();
        }
    }
}
