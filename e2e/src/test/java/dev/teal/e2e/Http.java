package dev.teal.e2e;

import dev.teal.protocol.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** Single calls to the data plane. */
final class Http {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Http() {}

    /** The answer to a body that must be answered with 200. */
    static JsonNode post(URI uri, byte[] body) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = send(uri, body);
        if (response.statusCode() != 200) {
            throw new AssertionError(uri + " answered " + response.statusCode() + ": " + new String(response.body()));
        }
        return Json.MAPPER.readTree(response.body());
    }

    static HttpResponse<byte[]> send(URI uri, byte[] body) throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(60))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }
}
