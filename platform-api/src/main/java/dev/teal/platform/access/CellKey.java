package dev.teal.platform.access;

import dev.teal.platform.access.domain.KeyText;
import java.io.IOException;
import java.nio.file.Files;
import org.springframework.stereotype.Component;

/** The key of all cells, from its file: checked without the database, as cells report also while that is away. */
@Component
class CellKey {
    private final String secretDigest;
    private final String id;

    CellKey(CellProperties properties) throws IOException {
        KeyText key = KeyText.parse(Files.readString(properties.keyFile()).strip())
                .orElseThrow(
                        () -> new IOException("platform.cells.key-file must hold a key of the form teal_<id>_<secret>: "
                                + properties.keyFile()));
        secretDigest = key.secretDigest();
        id = key.id();
    }

    boolean matches(KeyText text) {
        return id.equals(text.id()) && text.matches(secretDigest);
    }
}
