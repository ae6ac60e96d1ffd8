package dev.teal.e2e;

import dev.teal.protocol.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The control plane as a pipeline calls it: plain HTTP and JSON, nothing of Teal's own code. */
final class Api {
    private static final Set<String> TERMINAL =
            Set.of("SUCCEEDED", "FAILED", "ABORTED", "SUPERSEDED", "EXPIRED", "ROLLED_BACK");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI address;
    private final String key;

    Api(URI address, String key) {
        this.address = address;
        this.key = key;
    }

    /** What came back; {@code body} is null where there was none or it was not JSON. */
    record Reply(int status, JsonNode body, Map<String, List<String>> headers) {
        Reply expect(int... statuses) {
            for (int expected : statuses) {
                if (status == expected) {
                    return this;
                }
            }
            throw new AssertionError("expected " + Arrays.toString(statuses) + ", got " + status + ": " + body);
        }
    }

    Reply get(String path) {
        return send(request(path).timeout(Duration.ofSeconds(70)).GET());
    }

    /** Waits for a rollout to be {@code terminal}, {@code held} or {@code switched}: repeats the long poll until it is. */
    JsonNode await(String rollout, String what) {
        while (true) {
            JsonNode body = send(request("/api/v1/rollouts/" + rollout + "?for=" + what)
                            .timeout(Duration.ofSeconds(70))
                            .header("Prefer", "wait=55")
                            .GET())
                    .expect(200)
                    .body();
            String state = body.path("state").asString();
            boolean ended = TERMINAL.contains(state);
            boolean reached = switch (what) {
                case "terminal" -> ended;
                case "held" -> ended || state.equals("HELD");
                default -> ended || state.equals("BAKING");
            };
            if (reached) {
                return body;
            }
        }
    }

    Reply post(String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    Reply put(String path, String json) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json)));
    }

    Reply delete(String path) {
        return send(request(path).DELETE());
    }

    /** Uploads a version. @param samples golden samples' file, or null for none */
    Reply upload(String model, String version, Path artifact, @Nullable Path samples) throws IOException {
        String boundary = "teal-e2e-boundary";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        part(
                body,
                boundary,
                "metadata",
                "application/json",
                ("{\"version\":\"" + version + "\"}").getBytes(StandardCharsets.UTF_8));
        part(body, boundary, "artifact", "application/octet-stream", Files.readAllBytes(artifact));
        if (samples != null) {
            part(body, boundary, "samples", "application/json", Files.readAllBytes(samples));
        }
        body.write(("--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return send(request("/api/v1/models/" + model + "/versions")
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray())));
    }

    private static void part(ByteArrayOutputStream body, String boundary, String name, String type, byte[] content)
            throws IOException {
        body.write(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + name
                        + "\"\r\nContent-Type: " + type + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.write(content);
        body.write("\r\n".getBytes(StandardCharsets.UTF_8));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + key);
    }

    private Reply send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Reply(
                    response.statusCode(),
                    json(response.body()),
                    response.headers().map());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static JsonNode json(String body) {
        try {
            return Json.MAPPER.readTree(body);
        } catch (JacksonException e) {
            return Json.MAPPER.getNodeFactory().stringNode(body);
        }
    }
}
