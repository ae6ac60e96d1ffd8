package dev.teal.fleet.worker;

import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.worker.ExitNote;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * A private place for sockets whose path is short enough. Whoever can open a worker's socket can use it, so only the fleet's own
 * user may enter, and nobody else may have made it.
 */
record SocketDirectory(Path path) {

    private static final String PRIVATE = "rwx------";
    /** A Unix socket's address holds 108 bytes, the last of them zero. */
    private static final int LONGEST = 107;

    private static final int DIGEST_PREFIX = "sha256:".length();

    SocketDirectory {
        int longest = path.resolve(WorkerId.LONGEST + ".sock").toString().getBytes(StandardCharsets.UTF_8).length;
        if (longest > LONGEST) {
            throw new IllegalArgumentException(
                    "fleet.worker.socket-directory is too long for Unix sockets: a socket's path would have " + longest
                            + " bytes, " + LONGEST + " are possible: " + path);
        }
    }

    /** @param configured null: a short one made from the user and the state directory */
    static SocketDirectory open(@Nullable Path configured, Path stateDirectory) throws IOException {
        int user = user(stateDirectory);
        String hash = Digests.of(stateDirectory.toString()).substring(DIGEST_PREFIX, DIGEST_PREFIX + 8);
        Path path = configured != null ? configured.toAbsolutePath() : Path.of("/tmp", "teal-" + user + "-" + hash);
        SocketDirectory directory = new SocketDirectory(path);
        if (configured != null) {
            Files.createDirectories(path.getParent());
        }
        try {
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
        } catch (FileAlreadyExistsException e) {
            directory.requirePrivate(user);
        }
        return directory;
    }

    private void requirePrivate(int user) throws IOException {
        var attributes = Files.readAttributes(path, "unix:uid,permissions,isDirectory", LinkOption.NOFOLLOW_LINKS);
        boolean ours = Boolean.TRUE.equals(attributes.get("isDirectory"))
                && Integer.valueOf(user).equals(attributes.get("uid"))
                && PosixFilePermissions.fromString(PRIVATE).equals(attributes.get("permissions"));
        if (!ours) {
            throw new IllegalStateException(
                    "socket directory must be a folder of this user with mode 0700, remove it or set"
                            + " fleet.worker.socket-directory: " + path);
        }
    }

    /** The user that files of this process belong to; Java does not say it in another way. */
    private static int user(Path stateDirectory) throws IOException {
        Path probe = Files.createTempFile(stateDirectory, "user", ".tmp");
        try {
            return (Integer) Files.getAttribute(probe, "unix:uid");
        } finally {
            Files.delete(probe);
        }
    }

    Path inference(String id) {
        return path.resolve(id + ".sock");
    }

    Path control(String id) {
        return path.resolve(id + ".ctl");
    }

    /** The worker's own, while it waits for an assignment. */
    private Path rehearsal(String id) {
        return path.resolve(id + ".try");
    }

    ExitNote exitNote(String id) {
        return ExitNote.of(path, id);
    }

    /** All that a worker may have left here, also one that was killed. */
    void remove(String id) throws IOException {
        Files.deleteIfExists(inference(id));
        Files.deleteIfExists(control(id));
        Files.deleteIfExists(rehearsal(id));
        Files.deleteIfExists(exitNote(id).file());
    }
}
