package dev.teal.cli.local;

import dev.teal.cli.terminal.Terminal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;

/** A fleet that only ends leaves its workers running, for the next one; this one is asked to take them with it. */
record FleetFarewell(Home home, int port, Terminal terminal) implements Program.Farewell {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    @Override
    public void say(ProcessHandle process) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/fleet/v1/stop"))
                .timeout(LIMIT)
                .header(
                        "Authorization",
                        "Bearer " + Files.readString(home.cellKey()).strip())
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LIMIT)
                .build()) {
            if (http.send(request, BodyHandlers.discarding()).statusCode() == 202) {
                return;
            }
        } catch (IOException e) {
            terminal.say("  %-14s does not answer; ending it and its workers", "fleet");
        }
        process.destroy();
    }
}
