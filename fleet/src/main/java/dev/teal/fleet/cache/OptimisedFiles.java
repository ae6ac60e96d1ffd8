package dev.teal.fleet.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What workers leave beside the artifacts: models as their runtime has optimised them, each named after its artifact's digest first. They can
 * always be made anew, and one that is mapped lives on without its name, so they may go at any time.
 */
final class OptimisedFiles {

    private static final int DIGEST_CHARACTERS = 64;

    /** A worker that is still writing is done within minutes; one that died left its part. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Path directory;

    OptimisedFiles(Path directory) {
        this.directory = directory;
    }

    /** Bytes by the name that the artifact has in its own directory. */
    Map<String, Long> bytesByArtifact() throws IOException {
        Map<String, Long> bytes = new HashMap<>();
        for (Path file : files()) {
            // One that goes meanwhile counts as nothing
            bytes.merge(artifact(file), file.toFile().length(), Long::sum);
        }
        return bytes;
    }

    long bytes() throws IOException {
        return bytesByArtifact().values().stream().mapToLong(Long::longValue).sum();
    }

    void delete(String artifact) throws IOException {
        for (Path file : files()) {
            if (artifact(file).equals(artifact)) {
                Files.deleteIfExists(file);
            }
        }
    }

    void deleteAbandoned(Instant now) throws IOException {
        for (Path file : files()) {
            boolean part = !file.getFileName().toString().endsWith(".ort");
            if (part && file.toFile().lastModified() < now.minus(ABANDONED).toEpochMilli()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static String artifact(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, Math.min(DIGEST_CHARACTERS, name.length()));
    }

    private List<Path> files() throws IOException {
        return CacheFiles.list(directory);
    }
}
