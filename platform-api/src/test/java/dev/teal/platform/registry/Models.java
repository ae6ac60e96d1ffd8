package dev.teal.platform.registry;

import dev.teal.platform.Api;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** The example models, and how they are uploaded. */
public final class Models {
    public static final Path FOLDER = Path.of(System.getProperty("teal.root"), "examples/models");

    private Models() {}

    public static byte[] bytes(String file) {
        try {
            return Files.readAllBytes(FOLDER.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a model of a new name. */
    public static String create(Api api) {
        String name = "m-" + UUID.randomUUID();
        Api.Answer answer = api.post("/api/v1/models", "{\"name\":\"" + name + "\"}");
        if (answer.status() != 201) {
            throw new IllegalStateException(answer.toString());
        }
        return name;
    }

    /** A multipart body in the making. */
    public static final class Form {
        private static final String BOUNDARY = "teal-test-boundary";
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        public Form part(String name, byte[] content) {
            return file(name, name, content);
        }

        public Form file(String name, String fileName, byte[] content) {
            body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\""
                            + fileName + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            body.writeBytes(content);
            body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
            return this;
        }

        public Form part(String name, String content) {
            return part(name, content.getBytes(StandardCharsets.UTF_8));
        }

        public byte[] unfinished() {
            return body.toByteArray();
        }

        public Api.Answer upload(Api api, String model, String... headers) {
            body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
            return send(api, model, unfinished(), headers);
        }

        public static Api.Answer send(Api api, String model, byte[] body, String... headers) {
            var request = api.request("/api/v1/models/" + model + "/versions")
                    .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                    .POST(BodyPublishers.ofByteArray(body));
            return api.send(headers.length == 0 ? request : request.headers(headers));
        }
    }
}
