package dev.teal.protocol.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Why a worker ended itself, in a file beside its sockets. A parent reads it off the exit code; a fleet that took the worker over from an earlier
 * one is no parent. Named after the worker's id, which no other ever has.
 */
public record ExitNote(Path file) {
    public static ExitNote of(Path directory, String worker) {
        return new ExitNote(directory.resolve(worker + ".exit"));
    }

    /** Whatever goes wrong here (the disk is full, the memory is), nothing of it reaches the caller, who has an end to make. */
    public void leave(WorkerExit why) {
        try {
            Files.writeString(file, Integer.toString(why.code()));
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            return; // the fleet sees that it died, and not why
        }
    }

    /** Empty where none was left, or nothing that can be read. */
    public Optional<WorkerExit> read() throws IOException {
        try {
            return WorkerExit.of(Integer.parseInt(Files.readString(file)));
        } catch (NoSuchFileException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
