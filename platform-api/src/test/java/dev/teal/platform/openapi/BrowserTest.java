package dev.teal.platform.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.teal.platform.PlatformServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Swagger UI where it is used: a real browser that keeps to our content policy. */
class BrowserTest {
    private static final long LONGEST_MINUTES = 3;

    @Test
    void givenABrowserSwaggerUiShowsTheCallsAndTheConsoleStaysSilent(@TempDir Path directory) throws Exception {
        Optional<String> chromium = chromium();
        assumeTrue(chromium.isPresent(), "needs Chromium on the path");
        Path page = directory.resolve("page.html");
        Path log = directory.resolve("log");

        boolean ended = run(chromium.get(), directory.resolve("profile"), page, log);

        assertThat(ended).isTrue();
        assertThat(Files.readAllLines(log).stream().filter(line -> line.contains("CONSOLE")))
                .isEmpty();
        assertThat(Files.readString(page))
                .contains("Teal control plane", "Declare an endpoint", "Roll a version out", "Register a version");
    }

    private static boolean run(String chromium, Path profile, Path page, Path log)
            throws IOException, InterruptedException {
        Process browser = new ProcessBuilder(
                        chromium,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--no-first-run",
                        "--disable-dev-shm-usage",
                        "--enable-logging=stderr",
                        "--user-data-dir=" + profile,
                        // The browser's own clock, which goes on while nothing is under way
                        "--virtual-time-budget=30000",
                        "--dump-dom",
                        "http://127.0.0.1:" + PlatformServer.shared().port() + "/swagger-ui/index.html")
                .redirectOutput(page.toFile())
                .redirectError(log.toFile())
                .start();
        try {
            return browser.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES);
        } finally {
            browser.destroyForcibly().waitFor();
        }
    }

    private static Optional<String> chromium() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
