package dev.teal.worker.contain;

import dev.teal.protocol.worker.WorkerMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the kernel says this process holds, in bytes; 0 where the system does not say.
 *
 * @param residentBytes in memory now, shared files included
 * @param anonymousBytes of it that are this process's own
 * @param dataBytes of private memory that can be written, touched or not: what the system's limit is on
 * @param heapBytes that Java's objects take, garbage included
 */
public record ProcessMemory(long residentBytes, long anonymousBytes, long dataBytes, long heapBytes) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path MACHINE = Path.of("/proc/meminfo");

    public static ProcessMemory now() {
        Runtime java = Runtime.getRuntime();
        long heap = java.totalMemory() - java.freeMemory();
        try {
            String status = Files.readString(STATUS);
            return new ProcessMemory(
                    bytes(status, "\nVmRSS:"), bytes(status, "\nRssAnon:"), bytes(status, "\nVmData:"), heap);
        } catch (IOException e) {
            return new ProcessMemory(0, 0, 0, heap);
        }
    }

    /** Of the machine's memory, what can be had without taking it from others. */
    static long availableBytes() {
        try {
            return bytes("\n" + Files.readString(MACHINE), "\nMemAvailable:");
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    private static long bytes(String status, String name) {
        int start = status.indexOf(name);
        if (start < 0) {
            return 0;
        }
        int from = start + name.length();
        return Long.parseLong(status.substring(from, status.indexOf("kB", from)).strip()) * 1024;
    }

    public WorkerMemory.Parts parts() {
        return new WorkerMemory.Parts(anonymousBytes, heapBytes);
    }
}
