package dev.teal.fleet.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of the machine that new workers can have. */
@FunctionalInterface
public interface AvailableMemory {

    long bytes();

    /** What Linux says is available without swapping; where it does not say, no worker is refused for memory. */
    static AvailableMemory ofMachine() {
        return () -> {
            try {
                for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                    if (line.startsWith("MemAvailable:")) {
                        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                    }
                }
            } catch (IOException | NumberFormatException e) {
                return Long.MAX_VALUE;
            }
            return Long.MAX_VALUE;
        };
    }
}
