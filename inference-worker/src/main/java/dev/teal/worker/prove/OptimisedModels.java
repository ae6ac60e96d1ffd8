package dev.teal.worker.prove;

import dev.teal.protocol.cell.Digests;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Models as ONNX Runtime has optimised them for this processor, in the cell's cache: {@code <digest>-<key>-<bytes>-<checksum>.ort}. The key is
 * of all that the result depends on beside the model. A file is whole from the moment it has its name, is never changed, and is thrown away
 * where its bytes are not those that it is named after; the checksum finds faults of disks and crashes, not malice, for who can write here can
 * write a right one too. Who maps a file keeps it, whoever deletes its name.
 */
public final class OptimisedModels {
    private static final Logger log = LoggerFactory.getLogger(OptimisedModels.class);

    /** Below this a model is optimised in less time than a second file is looked for and checked. */
    static final long SMALLEST_BYTES = 1 << 20;

    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");
    private static final String END = ".ort";
    private static final int PART_BYTES = 1 << 20;
    private static final int KEY_CHARACTERS = 16;

    private final Path directory;
    private final String key;

    /** @param runtime version of ONNX Runtime */
    public OptimisedModels(Path directory, String runtime) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.key = key(runtime);
    }

    private static String key(String runtime) throws IOException {
        // What comes after the flags of the first core differs from start to start.
        String processor = System.getProperty("os.arch");
        if (Files.exists(PROCESSOR)) {
            for (String line : Files.readAllLines(PROCESSOR)) {
                if (line.startsWith("flags") || line.startsWith("Features")) {
                    processor += line;
                    break;
                }
                if (line.startsWith("model name") || line.startsWith("CPU part")) {
                    processor += line;
                }
            }
        }
        String all = "format 1, all optimisations, ORT " + runtime + ", " + processor;
        byte[] digest = Digests.sha256().digest(all.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest).substring(0, KEY_CHARACTERS);
    }

    private String start(String digest) {
        return digest.substring(digest.indexOf(':') + 1) + "-" + key + "-";
    }

    /** A file that has been read through and is as it was made. */
    Optional<Path> find(String digest) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, start(digest) + "*" + END)) {
            for (Path file : found) {
                if (file.getFileName().toString().equals(start(digest) + sum(file) + END)) {
                    return Optional.of(file);
                }
                log.atWarn().addKeyValue("digest", digest).log("Optimised model is not as it was made, thrown away");
                discard(file);
            }
        } catch (IOException e) {
            log.atWarn().addKeyValue("reason", e.getMessage()).log("Optimised models cannot be read");
        }
        return Optional.empty();
    }

    /** A name to write to, which nobody reads. */
    Path temporary(String digest) {
        return directory.resolve(start(digest) + UUID.randomUUID() + ".tmp");
    }

    /** From now on it is there for everybody, also after a crash of the machine. */
    void keep(Path written, String digest) throws IOException {
        try (FileChannel file = FileChannel.open(written, StandardOpenOption.WRITE)) {
            file.force(true);
        }
        Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("r--r--r--"));
        Files.move(written, directory.resolve(start(digest) + sum(written) + END), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        }
    }

    void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.atWarn().addKeyValue("reason", e.getMessage()).log("Optimised model cannot be removed");
        }
    }

    private static String sum(Path file) throws IOException {
        CRC32C checksum = new CRC32C();
        ByteBuffer part = ByteBuffer.allocateDirect(PART_BYTES);
        long bytes = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(part) >= 0) {
                bytes += part.flip().remaining();
                checksum.update(part);
                part.clear();
            }
        }
        return bytes + "-" + HexFormat.of().toHexDigits((int) checksum.getValue());
    }
}
