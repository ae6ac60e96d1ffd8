package dev.teal.cli.demo;

import dev.teal.protocol.Json;
import dev.teal.protocol.TealHeaders;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.core.JacksonException;

/** An endpoint as its clients call it: the Open Inference Protocol at the gateway. */
final class Inference implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int SHOWN_BYTES = 300;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();
    private final URI model;

    Inference(URI gateway, String endpoint) {
        this.model = gateway.resolve("/v2/models/" + endpoint);
    }

    /** @throws IOException for everything but an answer: that is a failed request */
    Answer infer(byte[] body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(model + "/infer"))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        long start = System.nanoTime();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        if (response.statusCode() != 200) {
            throw new IOException(response.statusCode() + " " + shown(response.body()));
        }
        try {
            return new Answer(
                    header(response, TealHeaders.COLOR),
                    header(response, TealHeaders.VERSION),
                    Long.parseLong(header(response, TealHeaders.GENERATION)),
                    Example.fraud(Json.MAPPER.readTree(response.body())),
                    took);
        } catch (JacksonException | NumberFormatException e) {
            throw new IOException("an answer that cannot be read: " + shown(response.body()), e);
        }
    }

    /** Whether the gateway has a route for the endpoint and a version that is ready to answer, or can wake one. */
    boolean isReady() throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(model + "/ready"))
                    .timeout(LIMIT)
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    URI address() {
        return URI.create(model + "/infer");
    }

    @Override
    public void close() {
        http.shutdownNow();
        http.close();
    }

    private static String header(HttpResponse<?> response, String name) throws IOException {
        return response.headers()
                .firstValue(name)
                .orElseThrow(() -> new IOException("an answer without the header " + name));
    }

    private static String shown(byte[] body) {
        return new String(body, 0, Math.min(body.length, SHOWN_BYTES), StandardCharsets.UTF_8);
    }
}
