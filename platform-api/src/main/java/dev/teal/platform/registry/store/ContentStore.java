package dev.teal.platform.registry.store;

import dev.teal.platform.registry.domain.NoRoom;
import dev.teal.platform.registry.domain.UploadTooLarge;
import dev.teal.protocol.cell.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Files named by the SHA-256 of what is in them: {@code objects/ab/cdef…}. Written beside, forced to disk, then renamed, so a file that has its
 * name is whole. Whether a file is wanted is not known here: that is a row in the database.
 */
public final class ContentStore {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int PREFIX = "sha256:".length();

    private final Path objects;
    private final Path drafts;

    public ContentStore(Path directory) throws IOException {
        objects = directory.resolve("objects");
        drafts = directory.resolve("drafts");
        Files.createDirectories(objects);
        Files.createDirectories(drafts);
    }

    /**
     * Streams {@code bytes} to disk; never more than a buffer of them is in memory. Whatever ends it early, nothing is left.
     *
     * @param part what the refusal calls it
     * @throws UploadTooLarge as soon as there is a byte above {@code limitBytes}
     * @throws NoRoom if the disk is full
     */
    public Draft write(String part, InputStream bytes, long limitBytes) throws IOException {
        Path file = drafts.resolve(UUID.randomUUID() + ".part");
        boolean whole = false;
        try (FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r--------")))) {
            MessageDigest sha256 = Digests.sha256();
            byte[] buffer = new byte[BUFFER_BYTES];
            long total = 0;
            for (int read = bytes.read(buffer); read >= 0; read = bytes.read(buffer)) {
                total += read;
                if (total > limitBytes) {
                    throw new UploadTooLarge(part, limitBytes);
                }
                sha256.update(buffer, 0, read);
                append(channel, ByteBuffer.wrap(buffer, 0, read));
            }
            force(channel);
            whole = true;
            return new Draft(file, Digests.format(sha256.digest()), total);
        } finally {
            if (!whole) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void append(FileChannel channel, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            // Java has no type for it; any other failure of the disk while writing leaves the caller as helpless
            throw (NoRoom) new NoRoom().initCause(e);
        }
    }

    private static void force(FileChannel channel) {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw (NoRoom) new NoRoom().initCause(e);
        }
    }

    /** Puts a draft under its digest; a second time, or with the same bytes there, changes nothing. */
    public void keep(Draft draft) {
        Path target = path(draft.digest());
        try {
            if (Files.exists(target) && Files.size(target) == draft.bytes()) {
                return;
            }
            Files.createDirectories(folder(draft.digest()));
            Files.move(draft.file(), target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceEntries(folder(draft.digest()));
            forceEntries(objects);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void delete(String digest) {
        try {
            Files.deleteIfExists(path(digest));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the bytes of {@code digest} are, if they are. */
    public Path path(String digest) {
        if (!Digests.isDigest(digest)) {
            throw new IllegalArgumentException("a digest looks like sha256:<64 hex>, got '" + digest + "'");
        }
        String hex = digest.substring(PREFIX);
        return objects.resolve(hex.substring(0, 2)).resolve(hex.substring(2));
    }

    /** Drafts of a process that died. Those of the last moments may be another control plane's, at work. */
    public void deleteDrafts(Instant olderThan) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(drafts)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(olderThan)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException e) {
            // another instance was faster
        }
    }

    public void forEachDigest(Consumer<String> each) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(objects)) {
            for (Path folder : folders) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                    for (Path file : files) {
                        String digest = "sha256:" + folder.getFileName() + file.getFileName();
                        if (Digests.isDigest(digest)) {
                            each.accept(digest);
                        }
                    }
                }
            }
        }
    }

    private Path folder(String digest) {
        return objects.resolve(digest.substring(PREFIX, PREFIX + 2));
    }

    private static void forceEntries(Path directory) throws IOException {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }
}
