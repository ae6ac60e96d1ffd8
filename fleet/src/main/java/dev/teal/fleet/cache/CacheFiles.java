package dev.teal.fleet.cache;

import dev.teal.protocol.worker.WorkerFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** The cache's folder: {@code sha256/<hex>} whole and read-only, {@code partial/} what is on its way. */
final class CacheFiles {

    /** Within the cache's directory: workers write to it. */
    static final String OPTIMISED = "optimised";

    private static final int PREFIX = "sha256:".length();

    private final Path whole;
    private final Path partial;
    private final Path made;
    private final OptimisedFiles optimised;
    private final long capacityBytes;
    private final InstantSource time;

    CacheFiles(Path directory, long capacityBytes, InstantSource time) throws IOException {
        this.whole = directory.resolve("sha256");
        this.partial = directory.resolve("partial");
        this.made = directory.resolve(OPTIMISED);
        this.optimised = new OptimisedFiles(made);
        this.capacityBytes = capacityBytes;
        this.time = time;
        // A fleet that died in the middle of a fetch left its part
        for (Path left : list(partial)) {
            Files.deleteIfExists(left);
        }
        createDirectories();
    }

    private void createDirectories() throws IOException {
        Files.createDirectories(whole);
        Files.createDirectories(partial);
        Files.createDirectories(made);
    }

    Path path(String digest) {
        return whole.resolve(digest.substring(PREFIX));
    }

    boolean has(String digest) {
        return Files.isRegularFile(path(digest));
    }

    /** Somebody may have cleared the whole cache away under a fleet that runs: then it begins anew. */
    Path newPartial(String digest) throws IOException {
        createDirectories();
        return partial.resolve(digest.substring(PREFIX) + "." + UUID.randomUUID());
    }

    /** From now on the bytes are there for everybody, and only whole. */
    void keep(Path arrived, String digest) throws IOException {
        Files.setPosixFilePermissions(arrived, PosixFilePermissions.fromString("r--r--r--"));
        Files.move(arrived, path(digest), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(whole, StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    void used(String digest) throws IOException {
        Files.setLastModifiedTime(path(digest), FileTime.from(time.instant()));
    }

    void discard(String digest) throws IOException {
        Files.deleteIfExists(path(digest));
        optimised.delete(digest.substring(PREFIX));
    }

    private record Entry(String name, long bytes, boolean pinned, long usedMillis) {}

    /**
     * Deletes the least recently used that are not pinned, each with what was made of it, until {@code bytes} more fit; then what was made of
     * the pinned ones, which can be made again.
     */
    void makeRoom(long bytes, Set<String> pinned) throws FetchFailed, IOException {
        optimised.deleteAbandoned(time.instant());
        Map<String, Long> made = optimised.bytesByArtifact();
        List<Entry> entries = new ArrayList<>();
        for (Path file : list(whole)) {
            String name = file.getFileName().toString();
            // One that goes meanwhile counts as nothing
            entries.add(new Entry(
                    name,
                    file.toFile().length(),
                    pinned.contains("sha256:" + name),
                    file.toFile().lastModified()));
        }
        entries.sort(Comparator.comparingLong(Entry::usedMillis));
        for (String orphan : Set.copyOf(made.keySet())) {
            if (entries.stream().noneMatch(entry -> entry.name().equals(orphan))) {
                optimised.delete(orphan);
                made.remove(orphan);
            }
        }
        long total = entries.stream().mapToLong(Entry::bytes).sum()
                + made.values().stream().mapToLong(Long::longValue).sum();
        for (Entry entry : entries) {
            if (total + bytes > capacityBytes && !entry.pinned()) {
                Files.deleteIfExists(whole.resolve(entry.name()));
                optimised.delete(entry.name());
                total -= entry.bytes() + made.getOrDefault(entry.name(), 0L);
            }
        }
        for (Entry entry : entries) {
            if (total + bytes > capacityBytes && entry.pinned() && made.containsKey(entry.name())) {
                optimised.delete(entry.name());
                total -= made.getOrDefault(entry.name(), 0L);
            }
        }
        if (total + bytes > capacityBytes) {
            throw new FetchFailed(
                    WorkerFailure.Code.FETCH_FAILED,
                    "no room in the artifact cache: " + bytes + " bytes wanted, " + total + " of " + capacityBytes
                            + " held by versions in use (fleet.cache.capacity)");
        }
    }

    long bytes() {
        try {
            long total = optimised.bytes();
            for (Path file : list(whole)) {
                total += file.toFile().length();
            }
            return total;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing where the directory is not there. */
    static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw new IOException(e);
        }
    }
}
