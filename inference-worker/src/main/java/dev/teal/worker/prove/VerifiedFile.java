package dev.teal.worker.prove;

import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.worker.WorkerFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Files of the cell's cache are trusted for their digest and for nothing else. */
final class VerifiedFile {
    static final int PART_BYTES = 64 * 1024;

    private VerifiedFile() {}

    /** Reads the file through once, without keeping it. */
    static void require(String what, Path file, String digest) throws Unproven {
        MessageDigest sha256 = Digests.sha256();
        byte[] part = new byte[PART_BYTES];
        try (InputStream bytes = Files.newInputStream(file)) {
            for (int read = bytes.read(part); read >= 0; read = bytes.read(part)) {
                sha256.update(part, 0, read);
            }
        } catch (IOException e) {
            throw unreadable(what);
        }
        require(what, Digests.format(sha256.digest()), digest);
    }

    static byte[] read(String what, Path file, String digest) throws Unproven {
        try {
            byte[] bytes = Files.readAllBytes(file);
            require(what, Digests.of(bytes), digest);
            return bytes;
        } catch (IOException e) {
            throw unreadable(what);
        }
    }

    private static void require(String what, String found, String wanted) throws Unproven {
        if (!found.equals(wanted)) {
            throw new Unproven(
                    WorkerFailure.Code.DIGEST_MISMATCH, what + " has the digest " + found + ", it must be " + wanted);
        }
    }

    private static Unproven unreadable(String what) {
        return new Unproven(WorkerFailure.Code.FETCH_FAILED, what + " cannot be read from the cell's cache");
    }
}
