package dev.teal.fleet.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One process for sure: a pid alone may have been given to another since. */
record ProcessIdentity(long pid, Instant startedAt) {

    /** Java derives the start from the boot time, which moves by a little when the machine's clock is set. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    static Optional<ProcessIdentity> of(ProcessHandle process) {
        return process.info().startInstant().map(start -> new ProcessIdentity(process.pid(), start));
    }

    /** The process, if it still runs and is the one. */
    Optional<ProcessHandle> find() {
        return ProcessHandle.of(pid).filter(ProcessIdentity::runs).filter(this::is);
    }

    private boolean is(ProcessHandle process) {
        return process.info()
                .startInstant()
                .map(start -> Duration.between(start, startedAt).abs().compareTo(SLACK) <= 0)
                .orElse(false);
    }

    /** A worker whose pid nobody had time to write down: its id, which is random, stands in its command. */
    static Optional<ProcessHandle> byWorkerId(String id) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(arguments -> List.of(arguments).contains(id))
                        .orElse(false))
                .filter(ProcessIdentity::runs)
                .findFirst();
    }

    /** Whether it runs. One that has died but was not yet taken off the list by its parent (a zombie) does not, though Java says so. */
    static boolean runs(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            int state = stat.lastIndexOf(')') + 2;
            return stat.charAt(state) != 'Z' && stat.charAt(state) != 'X';
        } catch (IOException | IndexOutOfBoundsException e) {
            return process.isAlive();
        }
    }
}
