package dev.teal.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A process that may run on one core only, and what the kernel has counted for it. */
final class PinnedProcess implements AutoCloseable {
    /** Servers and raw runs take turns on this core; the load comes from the other one. */
    static final int SERVER_CORE = 0;

    static final int LOAD_CORE = 1;

    /** USER_HZ: what {@code /proc} counts time in, on every Linux that runs here. */
    private static final long MICROS_PER_TICK = 10_000;

    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        // A measurement that is stopped leaves nothing behind that would disturb the next one
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final Process process;

    /** @param log of standard error; standard output is the caller's */
    static PinnedProcess start(Path log, List<String> command) throws IOException {
        List<String> pinned = new ArrayList<>(List.of("taskset", "-c", Integer.toString(SERVER_CORE)));
        pinned.addAll(command);
        return new PinnedProcess(new ProcessBuilder(pinned)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start());
    }

    private PinnedProcess(Process process) {
        this.process = process;
        RUNNING.add(process);
        process.onExit().thenAccept(RUNNING::remove);
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    BufferedReader output() {
        return process.inputReader(StandardCharsets.UTF_8);
    }

    void say(String line) throws IOException {
        process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** User and system time of all its threads, those that compile and collect included. */
    long cpuMicros() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        // The name stands in brackets and may hold anything; user time is the 12th field after it, system time the
        // next.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
    }

    long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElseThrow(() -> new IOException("the process has no memory any more"));
    }

    /** What {@code /proc} says of its memory by kind, for the note on where it lies. */
    String memoryByKind() throws IOException {
        return String.join(
                " ",
                Arrays.stream(Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"))
                                .split("\n"))
                        .filter(line -> line.startsWith("Rss"))
                        .map(line -> line.replaceAll("\\s+", ""))
                        .toList());
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
