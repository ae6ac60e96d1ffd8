package dev.teal.e2e;

import java.io.IOException;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** The demo model in a running Teal: registers its good versions once, gives each test an endpoint of its own. */
final class Fraud {
    static final String MODEL = "fraud-detection";
    private final Api api;

    Fraud(Api api) throws IOException {
        this.api = api;
        api.post("/api/v1/models", "{\"name\":\"" + MODEL + "\"}").expect(200, 201, 409);
        upload("1", FraudDetection.DIRECTORY.resolve("v1.onnx"), FraudDetection.DIRECTORY.resolve("v1.samples.json"));
        upload("2", FraudDetection.DIRECTORY.resolve("v2.onnx"), FraudDetection.DIRECTORY.resolve("v2.samples.json"));
    }

    /** @return the digest */
    String upload(String version, Path artifact, Path samples) throws IOException {
        return api.upload(MODEL, version, artifact, samples)
                .expect(200, 201)
                .body()
                .path("digest")
                .asString();
    }

    /** Creates an endpoint and waits until version 1 is live. @param configuration JSON object */
    JsonNode endpoint(String name, String configuration) {
        api.put(
                        "/api/v1/endpoints/" + name,
                        "{\"model\":\"" + MODEL + "\",\"version\":\"1\",\"configuration\":" + configuration + "}")
                .expect(200, 201, 202);
        JsonNode endpoint = get(name);
        JsonNode open = endpoint.path("openRollout");
        if (open.isObject()) {
            JsonNode ended = api.await(open.path("id").asString(), "terminal");
            if (!ended.path("state").asString().equals("SUCCEEDED")) {
                throw new AssertionError("first rollout of " + name + ": " + ended);
            }
        }
        return get(name);
    }

    JsonNode get(String endpoint) {
        return api.get("/api/v1/endpoints/" + endpoint).expect(200).body();
    }

    /** Starts a rollout and returns it at its end. */
    JsonNode rollOut(String endpoint, String version, String bake) {
        String id = api.post(
                        "/api/v1/endpoints/" + endpoint + "/rollouts",
                        "{\"version\":\"" + version + "\",\"promotion\":\"auto\",\"bake\":\"" + bake
                                + "\",\"standby\":\"10m\"}")
                .expect(201)
                .body()
                .path("id")
                .asString();
        return api.await(id, "terminal");
    }

    /** What is in force now, told after every gateway had it. */
    Commit commit(String endpoint, long acknowledgedNanos) {
        JsonNode body = get(endpoint);
        String color = body.path("activeColor").asString();
        JsonNode environment = body.path("environments").path(color.toLowerCase(java.util.Locale.ROOT));
        return new Commit(
                body.path("generation").asLong(),
                color,
                environment.path("version").asString(),
                environment.path("digest").asString(),
                acknowledgedNanos);
    }
}
