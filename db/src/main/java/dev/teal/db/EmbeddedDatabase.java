package dev.teal.db;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;

/**
 * A PostgreSQL of our own on 127.0.0.1, its data in a directory that survives us: whatever was killed before, a start finds the running server
 * or recovers the data. The server is a process apart: it stays when this one ends, until {@link #stop}.
 *
 * @param password of {@code user}, from the password file; there is no way in without it
 */
public record EmbeddedDatabase(Path directory, String jdbcUrl, String user, String password, int port, long pid) {
    /** Any free port. */
    public static final int ANY_PORT = 0;

    /** Nothing that trades safety for speed: an acknowledged transaction outlives {@code kill -9} and the power. */
    private static final List<String> DURABLE = List.of("fsync=on", "full_page_writes=on", "synchronous_commit=on");

    /**
     * Starts the server, or finds it running; on another port than the one asked for, it is stopped and started again.
     *
     * @param directory of the data; created (mode 0700) where there is none
     * @param passwordFile created (mode 0600) where there is none
     * @param log what the server prints is added to it
     * @param port to listen on, or {@link #ANY_PORT}
     * @throws DatabaseUnavailable with a sentence for the person at the terminal
     */
    public static EmbeddedDatabase start(Path directory, Path passwordFile, Path log, int port) {
        return start(directory, passwordFile, log, port, DURABLE);
    }

    /** {@link #start(Path, Path, Path, int)} with the log beside the data. */
    public static EmbeddedDatabase start(Path directory, Path passwordFile, int port) {
        return start(directory, passwordFile, directory.resolveSibling(directory.getFileName() + ".log"), port);
    }

    static synchronized EmbeddedDatabase start(
            Path directory, Path passwordFile, Path log, int port, List<String> settings) {
        Path data = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(data.resolveSibling(""));
            try (FileChannel lock = FileChannel.open(
                    data.resolveSibling(data.getFileName() + ".lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE)) {
                lock.lock(); // two launchers at once: the second finds the first one's server
                return new ServerStart(data, passwordFile.toAbsolutePath(), log.toAbsolutePath(), settings).on(port);
            }
        } catch (FileSystemException e) {
            throw new DatabaseUnavailable(
                    "The database cannot use " + e.getFile() + ": "
                            + Optional.ofNullable(e.getReason())
                                    .orElse(e.getClass().getSimpleName())
                            + ". Make it a directory that only you may enter, or choose another home directory.",
                    e);
        } catch (IOException e) {
            throw new DatabaseUnavailable("The database did not start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseUnavailable("The start of the database was interrupted", e);
        }
    }

    /** Ends all sessions, writes everything down and stops the server of this data directory, whoever started it. @return whether one ran */
    public static boolean stop(Path directory) {
        try {
            Optional<Postmaster> running =
                    Postmaster.of(directory.toAbsolutePath().normalize());
            if (running.isPresent()) {
                running.get().stop();
            }
            return running.isPresent();
        } catch (IOException e) {
            throw new DatabaseUnavailable(
                    "The database in " + directory + " could not be stopped: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseUnavailable("The stop of the database was interrupted", e);
        }
    }

    /** {@link #stop(Path)} of this one. */
    public boolean stop() {
        return stop(directory);
    }

    @Override
    public String toString() {
        return jdbcUrl + " (pid " + pid + ")"; // without the password
    }
}
