package dev.teal.protocol.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerLaunchTest {
    private static final Path JAVA = Path.of("/jdk/bin/java");
    private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");

    @TempDir
    private Path directory;

    private Path jar;

    @BeforeEach
    void aBuiltJar() throws IOException {
        jar = made("worker.jar", BUILT);
        Files.createDirectory(directory.resolve("lib"));
        made("lib/netty.jar", BUILT);
    }

    private Path made(String name, Instant modified) throws IOException {
        Path file = Files.createFile(directory.resolve(name));
        return Files.setLastModifiedTime(file, FileTime.from(modified));
    }

    @Test
    void givenNothingBesideTheJarItIsStartedAsItIs() {
        assertThat(new WorkerLaunch(JAVA, jar).command(List.of("-Xmx64m")))
                .containsExactly("/jdk/bin/java", "-Xmx64m", "-jar", jar.toString());
    }

    @Test
    void givenAPreparedJarAllThatWasPreparedIsUsedAndFurtherOptionsComeLast() throws IOException {
        Path options = made("worker.options", BUILT);
        Path library = Files.createDirectories(directory.resolve("prepared").resolve("native"));
        Path cache = made("prepared/worker.aot", BUILT);

        assertThat(new WorkerLaunch(JAVA, jar).command(List.of("-Xmx64m")))
                .containsExactly(
                        "/jdk/bin/java",
                        "@" + options,
                        "-XX:AOTCache=" + cache,
                        "-Donnxruntime.native.path=" + library,
                        "-Xmx64m",
                        "-jar",
                        jar.toString());
    }

    @Test
    void givenACacheOfAnEarlierBuildItIsLeftOut() throws IOException {
        Files.createDirectory(directory.resolve("prepared"));
        made("prepared/worker.aot", BUILT);
        WorkerLaunch launch = new WorkerLaunch(JAVA, jar);
        assertThat(launch.isPrepared()).isTrue();

        made("lib/rebuilt.jar", BUILT.plusSeconds(1));

        assertThat(launch.isPrepared()).isFalse();
        assertThat(launch.command(List.of())).noneMatch(word -> word.startsWith("-XX:AOTCache"));
    }
}
