package dev.teal.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.teal.protocol.Json;
import dev.teal.protocol.models.PackagedModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Releases of models that nobody made for a test: what a schema sees, and what only golden samples see. */
class RealModelTest {
    @TempDir
    Path directory;

    private Api api;

    @BeforeEach
    void teal() throws IOException, InterruptedException {
        api = SharedTeal.get().api();
    }

    @Test
    void givenTheNextVersionOfAVoiceDetectorItTakesOverWhatItsClientsCarry() throws IOException, InterruptedException {
        register("voice");
        upload("voice", "5", PackagedModel.SPEECH_V5.file(), samples(PackagedModel.SPEECH_V5));
        upload("voice", "6", PackagedModel.SPEECH_V6.file(), samples(PackagedModel.SPEECH_V6));
        serve("voice", "5");
        assertGolden("voice", PackagedModel.SPEECH_V5);

        JsonNode rollout = rollOut("voice", "6");

        assertThat(rollout.path("state").asString()).as(rollout.toString()).isEqualTo("SUCCEEDED");
        assertGolden("voice", PackagedModel.SPEECH_V6);
    }

    /** Both have the same signature and the same size. */
    @Test
    void givenTheNextVersionWithTheAnswersOfTheOneBeforeItsGoldenSamplesTell()
            throws IOException, InterruptedException {
        register("voice-mixed-up");
        upload("voice-mixed-up", "5", PackagedModel.SPEECH_V5.file(), samples(PackagedModel.SPEECH_V5));
        upload("voice-mixed-up", "6", PackagedModel.SPEECH_V6.file(), samples(PackagedModel.SPEECH_V5));
        serve("voice-mixed-up", "5");

        JsonNode rollout = rollOut("voice-mixed-up", "6");

        assertThat(rollout.path("state").asString()).as(rollout.toString()).isEqualTo("FAILED");
        assertThat(rollout.path("reason").asString()).containsIgnoringCase("sample");
        assertGolden("voice-mixed-up", PackagedModel.SPEECH_V5);
    }

    /** Quantising has renamed its outputs and lost one of them. */
    @Test
    void givenAQuantisedEmbeddingWithOtherOutputsTheRolloutIsRefused() throws IOException {
        register("embedding");
        upload("embedding", "fp32", resource("all-minilm-l6-v2"), null);
        upload("embedding", "int8", resource("all-minilm-l6-v2-q"), null);
        serve("embedding", "fp32");

        Api.Reply reply = api.post("/api/v1/endpoints/embedding/rollouts", "{\"version\":\"int8\"}");

        assertThat(reply.expect(422).body().toString())
                .contains("SIGNATURE_INCOMPATIBLE")
                .contains("output_0");
    }

    private void register(String model) {
        api.post("/api/v1/models", "{\"name\":\"" + model + "\"}").expect(201);
    }

    private void upload(String model, String version, Path artifact, Path samples) throws IOException {
        api.upload(model, version, artifact, samples).expect(201);
    }

    private void serve(String model, String version) {
        JsonNode endpoint = api.put(
                        "/api/v1/endpoints/" + model, "{\"model\":\"" + model + "\",\"version\":\"" + version + "\"}")
                .expect(201, 202)
                .body();
        JsonNode first = api.await(endpoint.path("openRollout").path("id").asString(), "terminal");
        assertThat(first.path("state").asString()).as(first.toString()).isEqualTo("SUCCEEDED");
    }

    private JsonNode rollOut(String endpoint, String version) {
        String id = api.post(
                        "/api/v1/endpoints/" + endpoint + "/rollouts",
                        "{\"version\":\"" + version + "\",\"promotion\":\"auto\",\"bake\":\"1s\"}")
                .expect(201)
                .body()
                .path("id")
                .asString();
        return api.await(id, "terminal");
    }

    /** Each golden question, asked through the gateway: its inputs are a request's. */
    private static void assertGolden(String endpoint, PackagedModel model) throws IOException, InterruptedException {
        for (JsonNode sample : Json.MAPPER.readTree(samples(model).toFile())) {
            JsonNode request = Json.MAPPER.createObjectNode().set("inputs", sample.path("inputs"));
            JsonNode answer = Http.post(SharedTeal.get().infer(endpoint), Json.MAPPER.writeValueAsBytes(request));
            assertThat(probability(answer)).isCloseTo(probability(sample), within(1e-3));
        }
    }

    private static double probability(JsonNode answer) {
        for (JsonNode output : answer.path("outputs")) {
            if (output.path("name").asString().equals("output")) {
                return output.path("data").path(0).asDouble();
            }
        }
        throw new AssertionError("no output in " + answer);
    }

    private static Path samples(PackagedModel model) {
        return Path.of(
                System.getProperty("teal.root"), "e2e", "src", "test", "resources", "golden", model + ".samples.json");
    }

    private Path resource(String model) throws IOException {
        Path file = directory.resolve(model + ".onnx");
        try (InputStream bytes = RealModelTest.class.getResourceAsStream("/" + model + ".onnx")) {
            Files.copy(bytes, file);
        }
        return file;
    }
}
