package dev.teal.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * The server process of a data directory, whoever started it, as its {@code postmaster.pid} tells and the process table confirms: after a
 * crash that file stays, and its pid may be another program's by now.
 *
 * @param ready accepting connections, by its own word
 */
record Postmaster(ProcessHandle process, int port, boolean ready) {
    private static final String PID_FILE = "postmaster.pid";
    private static final Duration FAST_SHUTDOWN = Duration.ofSeconds(30);
    private static final Duration IMMEDIATE_SHUTDOWN = Duration.ofSeconds(5);
    private static final Duration ORPHANS_END = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 25;

    /** The one that runs on this data directory, if one does. Its file may be half written: then it counts as not ready. */
    static Optional<Postmaster> of(Path data) throws IOException {
        Path file = data.resolve(PID_FILE);
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (java.nio.file.NoSuchFileException e) {
            return Optional.empty();
        }
        Optional<ProcessHandle> process = number(lines, 0)
                .flatMap(ProcessHandle::of)
                .filter(ProcessHandle::isAlive)
                .filter(running -> serves(running, data));
        boolean ready = lines.size() > 7 && lines.get(7).strip().equals("ready");
        return process.map(
                running -> new Postmaster(running, number(lines, 3).orElse(0L).intValue(), ready));
    }

    /**
     * Makes room for a start after a crash. PostgreSQL itself takes over from a dead pid, but not from a living one that was given to another
     * program; and the children of a killed server need a moment to notice, during which a second server must not touch the data.
     */
    static void clearRemains(Path data) throws IOException, InterruptedException {
        if (!within(ORPHANS_END, () -> children(data).isEmpty())) {
            children(data).forEach(ProcessHandle::destroyForcibly);
            within(ORPHANS_END, () -> children(data).isEmpty());
        }
        Files.deleteIfExists(data.resolve(PID_FILE));
    }

    /** Ends all sessions, writes everything down, exits; returns when it has. */
    void stop() throws IOException, InterruptedException {
        signal("INT");
        if (!within(FAST_SHUTDOWN, () -> !process.isAlive())) {
            signal("QUIT"); // at once, recovery follows at the next start
            if (!within(IMMEDIATE_SHUTDOWN, () -> !process.isAlive())) {
                process.destroyForcibly();
                within(IMMEDIATE_SHUTDOWN, () -> !process.isAlive());
            }
        }
    }

    static boolean within(Duration limit, BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return true;
    }

    /** Java can send only TERM, which PostgreSQL takes as "when all have left", and KILL. */
    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid() + " 2>/dev/null")
                .inheritIO()
                .start()
                .waitFor();
    }

    private static List<ProcessHandle> children(Path data) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(process -> serves(process, data)).toList();
        }
    }

    /** Each of a server's processes works in its data directory; no name needs to be guessed. */
    private static boolean serves(ProcessHandle process, Path data) {
        try {
            return Path.of("/proc", String.valueOf(process.pid()), "cwd")
                            .toRealPath()
                            .equals(data.toRealPath())
                    && process.info()
                            .command()
                            .filter(command -> command.endsWith("/postgres"))
                            .isPresent();
        } catch (IOException e) {
            return false; // it has ended, or is somebody else's
        }
    }

    private static Optional<Long> number(List<String> lines, int index) {
        if (index >= lines.size() || !lines.get(index).strip().matches("\\d{1,18}")) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(lines.get(index).strip()));
    }
}
