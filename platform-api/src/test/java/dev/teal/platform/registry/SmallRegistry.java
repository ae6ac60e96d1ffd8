package dev.teal.platform.registry;

import dev.teal.db.TestDatabase;
import dev.teal.platform.Api;
import dev.teal.platform.PlatformServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A registry that takes small files only, started once a JVM: each test makes a model of its own. */
abstract class SmallRegistry {
    static final PlatformServer platform = PlatformServer.start(
                    TestDatabase.fresh(),
                    PlatformServer.newHome(),
                    Map.of("platform.artifacts.max-artifact", "1MB", "platform.artifacts.max-samples", "100KB"))
            .awaitDatabase();
    static final Api admin = platform.asAdmin();

    /** Every file of the store. */
    static List<Path> files() {
        try (Stream<Path> files = Files.walk(platform.home().resolve("artifacts"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
