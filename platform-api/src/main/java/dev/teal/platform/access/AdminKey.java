package dev.teal.platform.access;

import dev.teal.platform.access.domain.KeyText;
import dev.teal.platform.access.domain.Role;
import dev.teal.platform.database.DatabaseReady;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Makes the first admin key where the database has none. The file comes first and the row after it, and a key that is in the file already is
 * taken: so a crash between the two leaves a key that the next start makes valid, and never a row whose secret nobody has.
 */
@Component
class AdminKey {
    private static final Logger log = LoggerFactory.getLogger(AdminKey.class);
    /** Any number that no other lock has. */
    private static final long LOCK = 0x7ea1_0001L;

    private final ApiKeys keys;
    private final AccessProperties properties;
    private final RandomGenerator random;
    private final JdbcClient sql;

    AdminKey(ApiKeys keys, AccessProperties properties, RandomGenerator random, JdbcClient sql) {
        this.keys = keys;
        this.properties = properties;
        this.random = random;
        this.sql = sql;
    }

    @EventListener(DatabaseReady.class)
    @Transactional
    public void makeFirst() {
        // Two control planes that start at once make one key
        sql.sql("select pg_advisory_xact_lock(?)")
                .param(LOCK)
                .query((_, _) -> true)
                .list();
        if (!keys.isEmpty()) {
            return;
        }
        Path file = properties.adminKeyFile();
        try {
            Optional<KeyText> kept =
                    Files.exists(file) ? KeyText.parse(Files.readString(file).strip()) : Optional.empty();
            KeyText key = kept.isPresent() ? kept.get() : KeyText.generate(random);
            if (kept.isEmpty()) {
                write(file, key.text() + "\n");
            }
            keys.create(key, "first admin", Role.ADMIN, null);
            log.atInfo().addKeyValue("file", file).addKeyValue("key", key.id()).log("First admin key made");
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the first admin key can't be written to platform.admin-key-file " + file, e);
        }
    }

    /** Whole or not at all, also through a power cut, and readable by its owner alone from its first byte on. */
    private static void write(Path file, String text) throws IOException {
        Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElseThrow();
        Files.createDirectories(directory);
        Path draft = directory.resolve(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        try (FileChannel channel = FileChannel.open(
                draft,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
            entry.force(true);
        }
    }
}
