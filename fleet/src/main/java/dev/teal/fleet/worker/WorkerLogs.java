package dev.teal.fleet.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** One log a worker, kept a while after its end, because that is when one wants to read it. */
final class WorkerLogs {

    private static final int KEPT = 50;

    private final Path directory;

    WorkerLogs(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    Path file(String id) {
        return directory.resolve(id + ".log");
    }

    /**
     * Removes the oldest beyond {@value #KEPT}. One that a worker still writes is new by nature; removed, it ends with its worker. So may the whole
     * directory be, by somebody who needs room.
     */
    void prune() throws IOException {
        Files.createDirectories(directory);
        List<Path> byAge;
        try (Stream<Path> files = Files.list(directory)) {
            byAge = files.sorted(Comparator.comparing(WorkerLogs::age)).toList();
        }
        for (Path old : byAge.subList(0, Math.max(0, byAge.size() - KEPT))) {
            Files.deleteIfExists(old);
        }
    }

    private static FileTime age(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }
}
