package dev.teal.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** Sockets have no keys: who may open their directory may speak to them. */
final class PrivateDirectory {
    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private PrivateDirectory() {}

    /** @throws IOException if the directory is not there, or not its owner's alone */
    static void require(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IOException("--directory " + directory + " is not there; create it with mode 0700");
        }
        if (!Files.getPosixFilePermissions(directory).equals(OWNER)) {
            throw new IOException("--directory " + directory + " is open to others; its mode must be 0700");
        }
    }
}
