package dev.teal.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts of {@code examples/curl}, which check what they are answered: a client that nobody here wrote, on every path. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CurlScriptsTest {
    private static final Path SCRIPTS = Path.of(System.getProperty("teal.root"), "examples", "curl");

    @TempDir
    private Path directory;

    @Test
    @Order(1)
    void theExamplesAreSetUpAndAgain() throws Exception {
        run("setup");
        run("setup");
    }

    @ParameterizedTest
    @Order(2)
    @ValueSource(
            strings = {
                "metadata",
                "ready",
                "json",
                "binary",
                "raw",
                "compression",
                "classification",
                "schedule",
                "index",
                "stats",
                "config",
            })
    void eachScriptIsAnsweredAsItExpects(String script) throws Exception {
        run(script);
    }

    private void run(String script) throws IOException, InterruptedException {
        TealUnderTest teal = SharedTeal.get();
        Path output = directory.resolve(script + ".out");
        ProcessBuilder builder = new ProcessBuilder(
                        "bash", SCRIPTS.resolve(script + ".sh").toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("TEAL_URL", teal.inference("").toString());
        builder.environment().put("TEAL_API_URL", teal.apiAddress().toString());
        builder.environment()
                .put("TEAL_KEY_FILE", teal.home().resolve("secrets/admin.key").toString());

        Process process = builder.start();
        boolean ended = process.waitFor(5, TimeUnit.MINUTES);
        process.destroyForcibly();

        assertThat(ended)
                .as(script + " did not end: " + Files.readString(output))
                .isTrue();
        assertThat(process.exitValue())
                .as(script + ": " + Files.readString(output))
                .isZero();
    }
}
