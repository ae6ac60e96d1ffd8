package dev.teal.fleet.cell;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The fleet's files, held by one fleet at a time: two on the same files would start every worker twice. */
public final class StateDirectory implements AutoCloseable {

    private final Path path;
    private final FileChannel lock;

    private StateDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** @throws IllegalStateException if another fleet holds it; the lock ends with its process, however that ends */
    public static StateDirectory hold(Path directory) throws IOException {
        Path path = Files.createDirectories(directory).toRealPath();
        FileChannel channel =
                FileChannel.open(path.resolve("fleet.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            channel.close();
            throw new IllegalStateException(
                    "another fleet runs on " + path + ": stop it, or give this one another" + " fleet.state-directory");
        }
        return new StateDirectory(path, channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    public Path path() {
        return path;
    }

    public Path resolve(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
