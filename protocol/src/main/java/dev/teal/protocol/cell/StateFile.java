package dev.teal.protocol.cell;

import dev.teal.protocol.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * The state document on disk, so that a member that restarts serves at once, the control plane alive or not. Written to a temporary
 * file, fsynced and renamed; the one before is kept, and taken where the newest turns out damaged.
 */
public final class StateFile {
    private static final Logger log = LoggerFactory.getLogger(StateFile.class);

    private final Path file;
    private final Path previous;

    private record Saved(
            @Nullable StateUpdate whole, @Nullable List<EndpointState> kept) {}

    public StateFile(Path directory) throws IOException {
        Files.createDirectories(directory);
        this.file = directory.resolve("state.json");
        this.previous = directory.resolve("state.previous.json");
    }

    /** The newest state on disk that is whole; empty if there is none. */
    public CellState load(String region) {
        for (Path candidate : List.of(file, previous)) {
            try {
                return read(Files.readAllBytes(candidate), region);
            } catch (NoSuchFileException e) {
                log.atDebug().addKeyValue("file", candidate).log("No state document on disk");
            } catch (IOException | JacksonException | StateGap | IllegalArgumentException e) {
                log.atWarn()
                        .addKeyValue("file", candidate)
                        .addKeyValue("reason", e.getMessage())
                        .log("State document on disk refused");
            }
        }
        return CellState.empty(region);
    }

    private static CellState read(byte[] bytes, String region) throws StateGap {
        Saved saved = Json.MAPPER.readValue(bytes, Saved.class);
        if (saved == null || saved.whole() == null || saved.kept() == null) {
            throw new IllegalArgumentException("it is not a state document");
        }
        return CellState.resume(region, saved.whole(), saved.kept());
    }

    /** Returns only when the state is on disk. @throws IOException and the state must not be acknowledged */
    public void save(CellState state) throws IOException {
        Path temporary = file.resolveSibling("state.json.tmp");
        try (FileChannel channel = FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(Json.MAPPER.writeValueAsBytes(new Saved(state.whole(), state.kept())));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        if (Files.exists(file)) {
            Files.move(file, previous, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
