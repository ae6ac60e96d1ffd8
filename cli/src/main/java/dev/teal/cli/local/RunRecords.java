package dev.teal.cli.local;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.teal.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/** The records of who runs, on disk, so that any launcher knows what another one started before it was killed. */
final class RunRecords {
    private final Path directory;

    RunRecords(Path directory) {
        this.directory = directory;
    }

    void write(RunRecord started) throws IOException {
        write(started.part(), started);
    }

    Optional<RunRecord> read(String part) throws IOException {
        return read(part, RunRecord.class);
    }

    /** The record of a part whose process is still that one. */
    Optional<RunRecord> running(String part) throws IOException {
        return read(part).filter(found -> found.process().find().isPresent());
    }

    void remove(String part) throws IOException {
        Files.deleteIfExists(file(part));
    }

    void write(String name, Object content) throws IOException {
        Path draft = directory.resolve(name + ".json.new");
        Files.write(draft, Json.MAPPER.writeValueAsBytes(content));
        Files.move(draft, file(name), ATOMIC_MOVE, REPLACE_EXISTING);
    }

    /** Empty also where the file is damaged: nobody is killed for what cannot be read. */
    <T> Optional<T> read(String name, Class<T> type) throws IOException {
        try {
            return Optional.of(Json.MAPPER.readValue(Files.readAllBytes(file(name)), type));
        } catch (NoSuchFileException | JacksonException e) {
            return Optional.empty();
        }
    }

    private Path file(String name) {
        return directory.resolve(name + ".json");
    }
}
