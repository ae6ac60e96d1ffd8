package dev.teal.platform.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.teal.db.TestDatabase;
import dev.teal.platform.Api;
import dev.teal.platform.PlatformServer;
import dev.teal.platform.registry.Models.Form;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An upload to a disk that really is full: a file system of half a megabyte, which root alone may mount. */
class DiskFullTest {
    @Test
    void givenAFullDiskTheUploadIsRefusedNothingStaysAndASmallerOneFits(@TempDir Path disk) throws Exception {
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk.toString()) == 0,
                "only root, outside of a closed container, may mount a small file system");
        try (PlatformServer platform = PlatformServer.start(
                        TestDatabase.fresh(),
                        PlatformServer.newHome(),
                        Map.of(
                                "platform.artifacts.directory",
                                disk.resolve("artifacts").toString()))
                .awaitDatabase()) {
            Api admin = platform.asAdmin();
            String model = Models.create(admin);
            List<Path> before = files(disk);

            Api.Answer refused = new Form().part("artifact", new byte[2 << 20]).upload(admin, model);
            List<Path> after = files(disk);
            Api.Answer taken = new Form()
                    .part("artifact", Models.bytes("fraud-detection/v1.onnx"))
                    .upload(admin, model);

            assertThat(refused.status()).as(refused.toString()).isEqualTo(507);
            assertThat(refused.code()).isEqualTo("NO_ROOM");
            assertThat(refused.json().get("detail").asString()).isNotBlank();
            assertThat(after).isEqualTo(before);
            assertThat(taken.status()).as(taken.toString()).isEqualTo(201);
            assertThat(taken.json().get("version").asString()).isEqualTo("1");
        } finally {
            run("umount", disk.toString());
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            return found.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static int run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        }
    }
}
