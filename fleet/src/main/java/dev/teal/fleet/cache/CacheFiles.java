package dev.teal.fleet.cache;

import dev.teal.protocol.worker.WorkerFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** The cache's folder: {@code sha256/<hex>} whole and read-only, {@code partial/} what is on its way. */
final class CacheFiles {

    private static final int PREFIX = "sha256:".length();

    private final Path whole;
    private final Path partial;
    private final long capacityBytes;
    private final InstantSource time;

    CacheFiles(Path directory, long capacityBytes, InstantSource time) throws IOException {
        this.whole = Files.createDirectories(directory.resolve("sha256"));
        this.partial = Files.createDirectories(directory.resolve("partial"));
        this.capacityBytes = capacityBytes;
        this.time = time;
        // A fleet that died in the middle of a fetch left its part
        for (Path left : list(partial)) {
            Files.deleteIfExists(left);
        }
    }

    Path path(String digest) {
        return whole.resolve(digest.substring(PREFIX));
    }

    boolean has(String digest) {
        return Files.isRegularFile(path(digest));
    }

    Path newPartial(String digest) {
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
    }

    /** Deletes the least recently used that are not pinned, until {@code bytes} more fit. */
    void makeRoom(long bytes, Set<String> pinned) throws FetchFailed, IOException {
        record Entry(Path file, long bytes, FileTime used) {}
        List<Entry> removable = new ArrayList<>();
        long total = 0;
        for (Path file : list(whole)) {
            long size = Files.size(file);
            total += size;
            if (!pinned.contains("sha256:" + file.getFileName())) {
                removable.add(new Entry(file, size, Files.getLastModifiedTime(file)));
            }
        }
        removable.sort(Comparator.comparing(Entry::used));
        for (Entry entry : removable) {
            if (total + bytes <= capacityBytes) {
                return;
            }
            Files.deleteIfExists(entry.file());
            total -= entry.bytes();
        }
        if (total + bytes > capacityBytes) {
            throw new FetchFailed(
                    WorkerFailure.Code.FETCH_FAILED,
                    "no room in the artifact cache: " + bytes + " bytes wanted, " + total + " of " + capacityBytes
                            + " held by versions in use (fleet.cache.capacity)");
        }
    }

    long bytes() {
        long total = 0;
        for (Path file : list(whole)) {
            total += file.toFile().length();
        }
        return total;
    }

    private static List<Path> list(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
