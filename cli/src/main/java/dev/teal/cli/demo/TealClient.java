package dev.teal.cli.demo;

import dev.teal.protocol.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The control plane's REST API, as far as the story needs it. Answers are JSON; anything but success is {@link NotAsTold}. */
final class TealClient implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();
    private final URI api;
    private final String key;

    TealClient(URI api, String key) {
        this.api = api.resolve("/api/v1/");
        this.key = key;
    }

    /** Creates the model where there is none. */
    void model(String name) throws IOException, InterruptedException {
        if (find("models/" + name).isEmpty()) {
            send("POST", "models", Map.of("name", name));
        }
    }

    /** Uploads a version; the same bytes again change nothing. @return what the registry read from the file */
    JsonNode version(String model, String version, Path artifact, Path samples, String description)
            throws IOException, InterruptedException {
        Multipart form = new Multipart()
                .file(
                        "artifact",
                        String.valueOf(artifact.getFileName()),
                        "application/octet-stream",
                        Files.readAllBytes(artifact))
                .json(
                        "metadata",
                        Json.MAPPER.writeValueAsString(Map.of("version", version, "description", description)))
                .json("samples", Files.readString(samples));
        HttpRequest request = request("models/" + model + "/versions")
                .header("Content-Type", form.contentType())
                .POST(BodyPublishers.ofByteArray(form.end()))
                .build();
        return body(http.send(request, HttpResponse.BodyHandlers.ofByteArray()), request);
    }

    Optional<EndpointView> endpoint(String name) throws IOException, InterruptedException {
        return find("endpoints/" + name).map(EndpointView::new);
    }

    void putEndpoint(String name, Map<String, ?> wanted) throws IOException, InterruptedException {
        send("PUT", "endpoints/" + name, wanted);
    }

    RolloutView startRollout(String endpoint, Map<String, ?> wanted) throws IOException, InterruptedException {
        return new RolloutView(send("POST", "endpoints/" + endpoint + "/rollouts", wanted));
    }

    RolloutView rollback(String endpoint) throws IOException, InterruptedException {
        return new RolloutView(send("POST", "endpoints/" + endpoint + "/rollback", Map.of()));
    }

    RolloutView rollout(String id) throws IOException, InterruptedException {
        return new RolloutView(send("GET", "rollouts/" + id, null));
    }

    private Optional<JsonNode> find(String path) throws IOException, InterruptedException {
        HttpRequest request = request(path).GET().build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return response.statusCode() == 404 ? Optional.empty() : Optional.of(body(response, request));
    }

    private JsonNode send(String method, String path, @Nullable Object content)
            throws IOException, InterruptedException {
        HttpRequest request = request(path)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        content == null
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(content)))
                .build();
        return body(http.send(request, HttpResponse.BodyHandlers.ofByteArray()), request);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(api.resolve(path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + key)
                .header("Accept", "application/json");
    }

    private static JsonNode body(HttpResponse<byte[]> response, HttpRequest request) {
        JsonNode body;
        try {
            body = Json.MAPPER.readTree(response.body());
        } catch (JacksonException e) {
            body = Json.MAPPER.missingNode();
        }
        if (response.statusCode() / 100 != 2) {
            String said = body.path("detail")
                    .asString(body.path("title").asString(new String(response.body(), StandardCharsets.UTF_8)));
            throw new NotAsTold("%s %s was answered %d: %s"
                    .formatted(request.method(), request.uri().getPath(), response.statusCode(), said));
        }
        return body;
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }
}
