package dev.teal.fleet.cell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** The secret that all parts of a cell share. */
record CellKey(String value) {

    private static final String SCHEME = "Bearer ";

    static CellKey read(Path file) throws IOException {
        String value = Files.readString(file).strip();
        if (value.isEmpty()) {
            throw new IllegalArgumentException("fleet.key-file is empty: " + file);
        }
        return new CellKey(value);
    }

    /** Whether an Authorization header carries this key, in a time that does not tell how much of it was right. */
    boolean authorizes(@Nullable String header) {
        return header != null
                && header.startsWith(SCHEME)
                && MessageDigest.isEqual(
                        header.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8),
                        value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "CellKey[…]";
    }
}
