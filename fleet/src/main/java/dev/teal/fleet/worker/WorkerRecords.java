package dev.teal.fleet.worker;

import dev.teal.fleet.cell.AtomicFile;
import dev.teal.protocol.Json;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/** One small file a worker, so that a fleet that restarts knows what it had. */
final class WorkerRecords {

    private static final Logger log = LoggerFactory.getLogger(WorkerRecords.class);

    private static final String END = ".json";

    private final Path directory;

    WorkerRecords(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    void write(WorkerRecord kept) throws IOException {
        AtomicFile.write(file(kept.id()), Json.MAPPER.writeValueAsBytes(kept));
    }

    void remove(String id) throws IOException {
        Files.deleteIfExists(file(id));
    }

    /**
     * Of a file that can't be read there is still its name, the worker's id, by which its process is found.
     *
     * @param unknown makes a record that knows no more than the id
     */
    List<WorkerRecord> all(Function<String, WorkerRecord> unknown) throws IOException {
        List<WorkerRecord> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + END)) {
            for (Path file : files) {
                try {
                    all.add(Json.MAPPER.readValue(Files.readAllBytes(file), WorkerRecord.class));
                } catch (JacksonException e) {
                    log.atWarn()
                            .addKeyValue("file", file.getFileName())
                            .addKeyValue("reason", e.getOriginalMessage())
                            .log("Worker record cannot be read");
                    String name = file.getFileName().toString();
                    all.add(unknown.apply(name.substring(0, name.length() - END.length())));
                }
            }
        }
        return all;
    }

    private Path file(String id) {
        return directory.resolve(id + END);
    }
}
