package dev.teal.fleet.run;

import dev.teal.fleet.cell.AtomicFile;
import dev.teal.protocol.Json;
import dev.teal.protocol.worker.WorkerMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/** What each version was measured to need, by digest, on disk: the second time a version runs here, its place is known beforehand. */
final class MemoryBook {

    private static final Logger log = LoggerFactory.getLogger(MemoryBook.class);
    private static final int MOST = 1_000;

    private final Path file;
    private final Map<String, WorkerMemory> measured = new LinkedHashMap<>();

    MemoryBook(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) {
            try {
                measured.putAll(Json.MAPPER.readValue(Files.readAllBytes(file), new TypeReference<>() {}));
            } catch (JacksonException e) {
                log.atWarn()
                        .addKeyValue("reason", e.getOriginalMessage())
                        .log("Measured memory cannot be read, measured anew");
            }
        }
    }

    synchronized Optional<WorkerMemory> of(String digest) {
        return Optional.ofNullable(measured.get(digest));
    }

    synchronized void measured(String digest, WorkerMemory memory) {
        measured.remove(digest);
        measured.put(digest, memory);
        if (measured.size() > MOST) {
            measured.remove(measured.keySet().iterator().next());
        }
        try {
            AtomicFile.write(file, Json.MAPPER.writeValueAsBytes(measured));
        } catch (IOException e) {
            log.atWarn().addKeyValue("reason", e.getMessage()).log("Measured memory not written");
        }
    }
}
