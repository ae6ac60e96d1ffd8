package dev.teal.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    @TempDir
    Path directory;

    @Test
    void givenNoFileAKeyIsMadeThatOnlyItsOwnerReads() throws IOException {
        Path file = directory.resolve("cell.key");

        String key = Secrets.readOrCreate(file);

        assertThat(key).matches("teal_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void givenAFileItsKeyStays() throws IOException {
        Path file = directory.resolve("cell.key");

        assertThat(Secrets.readOrCreate(file)).isEqualTo(Secrets.readOrCreate(file));
    }
}
