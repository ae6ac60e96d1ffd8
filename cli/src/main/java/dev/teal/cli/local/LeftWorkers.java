package dev.teal.cli.local;

import dev.teal.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Workers whose fleet was killed before it could stop them. The fleet keeps a record of each, for its successor; here we are that. */
final class LeftWorkers {
    private static final Duration GRACE = Duration.ofSeconds(5);

    private LeftWorkers() {}

    /** What we need of a fleet's record of a worker. */
    record Entry(@Nullable String id, long pid, @Nullable Instant startedAt) {}

    /** @return how many were still there */
    static int stop(Home home) throws IOException, InterruptedException {
        List<ProcessHandle> left = find(home.fleetState().resolve("workers"));
        left.forEach(ProcessHandle::destroy);
        for (ProcessHandle worker : left) {
            Ending.await(worker, GRACE);
        }
        return left.size();
    }

    static List<ProcessHandle> find(Path records) throws IOException {
        if (Files.notExists(records)) {
            return List.of();
        }
        List<ProcessHandle> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(records)) {
            for (Path file :
                    files.filter(name -> name.toString().endsWith(".json")).toList()) {
                try {
                    process(Json.MAPPER.readValue(Files.readAllBytes(file), Entry.class))
                            .ifPresent(found::add);
                } catch (JacksonException e) {
                    // Half written: the fleet writes it before the process starts, so there is none.
                }
            }
        }
        return found;
    }

    private static Optional<ProcessHandle> process(Entry entry) {
        if (entry.startedAt() != null) {
            return new ProcessId(entry.pid(), entry.startedAt()).find();
        }
        if (entry.id() == null) {
            return Optional.empty();
        }
        // Started, but its pid was not written down any more: the random id stands among its arguments.
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.filter(ProcessId::runs)
                    .filter(process -> process.info()
                            .arguments()
                            .filter(arguments -> List.of(arguments).contains(entry.id()))
                            .isPresent())
                    .findFirst();
        }
    }
}
