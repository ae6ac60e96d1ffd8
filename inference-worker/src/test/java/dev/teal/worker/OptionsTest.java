package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.worker.contain.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    @Test
    void everyLimitHasADefault() {
        Options options = Options.parse("--id", "w-1", "--directory", "/d");

        assertThat(options)
                .isEqualTo(new Options(
                        "w-1",
                        Path.of("/d"),
                        null,
                        null,
                        256 << 20,
                        1024,
                        512L << 20,
                        new Limits(4L << 30, 240_000, 10_000)));
        assertThat(options.inferenceSocket()).hasToString("/d/w-1.sock");
        assertThat(options.controlSocket()).hasToString("/d/w-1.ctl");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --directory /d                              | --id and --directory are needed
            --id w-1                                    | --id and --directory are needed
            --id w-1 --directory                        | --directory needs a value
            --id w/1 --directory /d                     | --id must be
            --id w-1 --directory /d --port 80           | unknown option --port
            --id w-1 --directory /d --queue-requests 0  | limits must be 1 or more
            --id w-1 --directory /d --memory-limit-bytes 1  | --memory-limit-bytes must be 1 MiB or more
            --id w-1 --directory /d --prove-limit-millis 0  | times must be 1 ms or more
            """)
    void aWrongOptionStopsTheStart(String arguments, String message) {
        assertThatThrownBy(() -> Options.parse(arguments.split(" ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aSocketPathTheKernelCannotTakeStopsTheStart() {
        assertThatThrownBy(() -> Options.parse("--id", "w-1", "--directory", "/" + "d".repeat(100)))
                .hasMessageContaining("107 bytes at most");
    }

    @Test
    void aDirectoryOpenToOthersIsRefused(@TempDir Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThatThrownBy(() -> PrivateDirectory.require(directory)).hasMessageContaining("must be 0700");
        assertThatThrownBy(() -> PrivateDirectory.require(directory.resolve("x")))
                .hasMessageContaining("is not there");

        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        PrivateDirectory.require(directory);
    }
}
