package dev.teal.cli.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How one part is, seen from outside; {@code pid} and {@code startedAt} are null where it does not run. */
record PartStatus(
        String part,
        State state,
        int port,
        @Nullable Long pid,
        @Nullable Instant startedAt) {
    private static final Duration LIMIT = Duration.ofSeconds(3);

    enum State {
        UP,
        /** Its process is there but does not say that it is well. */
        UNHEALTHY,
        DOWN
    }

    /** All parts, in the order of starting. */
    static List<PartStatus> all(RunRecords records) throws IOException, InterruptedException {
        List<PartStatus> all = new ArrayList<>();
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LIMIT)
                .build()) {
            for (String part : Installation.PARTS.reversed()) {
                all.add(of(part, records.read(part), http));
            }
        }
        return all;
    }

    private static PartStatus of(String part, Optional<RunRecord> known, HttpClient http) throws InterruptedException {
        if (known.isEmpty()) {
            return new PartStatus(part, State.DOWN, 0, null, null);
        }
        RunRecord found = known.get();
        if (found.process().find().isEmpty()) {
            return new PartStatus(part, State.DOWN, found.port(), null, null);
        }
        State state = isWell(found, http) ? State.UP : State.UNHEALTHY;
        return new PartStatus(part, state, found.port(), found.pid(), found.startedAt());
    }

    private static boolean isWell(RunRecord found, HttpClient http) throws InterruptedException {
        if (found.managementPort() == 0) {
            return !Ports.isFree(found.port());
        }
        try {
            URI health = URI.create("http://127.0.0.1:" + found.managementPort() + "/actuator/health");
            HttpRequest request = HttpRequest.newBuilder(health).timeout(LIMIT).build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
