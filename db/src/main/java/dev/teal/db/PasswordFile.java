package dev.teal.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/** A secret of this machine: base62 text in a file that only its owner reads. */
final class PasswordFile {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    /** 43 characters of base62 carry 256 bits. */
    private static final int LENGTH = 43;

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    private PasswordFile() {}

    /** The password in the file, or a new one written to it where there is no file. */
    static String readOrCreate(Path file) throws IOException {
        if (Files.notExists(file)) {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            // Written whole beside it, then renamed: a crash leaves no half password that the database would be created
            // with.
            Path draft = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(draft);
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            Files.writeString(draft, generate(), StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.move(draft, file);
        }
        Files.setPosixFilePermissions(file, OWNER_ONLY);
        String password = Files.readString(file).strip();
        if (password.isEmpty()) {
            throw new DatabaseUnavailable(
                    "The password file " + file + " is empty. Remove it: a new password is set at the next start.");
        }
        return password;
    }

    private static String generate() {
        SecureRandom random = new SecureRandom();
        StringBuilder password = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return password.toString();
    }
}
