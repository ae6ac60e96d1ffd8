package dev.teal.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A broken version never gets traffic: it is refused, or its rollout ends FAILED and says why; callers of blue never notice. */
class BadVersionTest {
    private static final FraudDetection MODEL = new FraudDetection();
    private static final Path BAD = FraudDetection.DIRECTORY.resolve("bad");
    private static final Path GOOD_SAMPLES = FraudDetection.DIRECTORY.resolve("v1.samples.json");

    @ParameterizedTest
    @CsvSource({"corrupt, too early", "external-data, external"})
    void givenAFileThatIsNotAWholeModelTheUploadIsRefused(String name, String word)
            throws IOException, InterruptedException {
        Api api = SharedTeal.get().api();
        new Fraud(api);

        Api.Reply reply = api.upload(Fraud.MODEL, "bad-" + name, BAD.resolve(name + ".onnx"), null);

        assertThat(reply.expect(422).body().path("detail").asString()).containsIgnoringCase(word);
        api.get("/api/v1/models/" + Fraud.MODEL + "/versions/bad-" + name).expect(404);
    }

    @Test
    void givenAnotherSignatureTheRolloutIsRefusedBeforeAnythingIsLoaded() throws IOException, InterruptedException {
        Api api = SharedTeal.get().api();
        Fraud fraud = new Fraud(api);
        fraud.endpoint("bad-incompatible", "{}");
        fraud.upload("bad-incompatible", BAD.resolve("incompatible.onnx"), BAD.resolve("incompatible.samples.json"));

        Api.Reply reply = api.post("/api/v1/endpoints/bad-incompatible/rollouts", "{\"version\":\"bad-incompatible\"}");

        assertThat(reply.expect(422).body().toString())
                .contains("SIGNATURE_INCOMPATIBLE")
                .contains("transaction");
    }

    @ParameterizedTest
    @CsvSource({"drifted", "inaccurate", "noisy", "nonfinite"})
    void givenAnswersThatDifferFromTheGoldenOnesTheRolloutFailsAndBlueGoesOn(String name)
            throws IOException, InterruptedException {
        rolloutFails(name, BAD.resolve(name + ".onnx"), GOOD_SAMPLES);
    }

    @Test
    void givenAModelThatFailsOnAGoldenSampleTheRolloutFailsAndBlueGoesOn() throws IOException, InterruptedException {
        Path samples = Files.createTempFile("poison-", ".samples.json");
        Files.write(samples, Json.MAPPER.writeValueAsBytes(poisonSample()));

        rolloutFails("faulty", BAD.resolve("faulty.onnx"), samples);
    }

    private static void rolloutFails(String name, Path artifact, Path samples)
            throws IOException, InterruptedException {
        Fraud fraud = new Fraud(SharedTeal.get().api());
        String endpoint = "bad-" + name;
        fraud.endpoint(endpoint, "{}");
        fraud.upload("bad-" + name, artifact, samples);
        List<Commit> commits = List.of(fraud.commit(endpoint, System.nanoTime()));
        List<Answer> answers;

        JsonNode rollout;
        try (ClosedLoop load = new ClosedLoop(SharedTeal.get().infer(endpoint), MODEL, 4, Duration.ofMillis(10))) {
            rollout = fraud.rollOut(endpoint, "bad-" + name, "1s");
            long more = load.answered() + 50;
            await().atMost(Duration.ofMinutes(1)).until(() -> load.answered() >= more);
            answers = load.stop();
        }

        assertThat(rollout.path("state").asString()).as(rollout.toString()).isEqualTo("FAILED");
        assertThat(rollout.path("reason").asString()).containsIgnoringCase("sample");
        assertThat(new History(MODEL, commits).violations(answers)).isEmpty();
        assertThat(fraud.get(endpoint).path("activeColor").asString()).isEqualTo("blue");
    }

    /** {@code request-poison.json} as a golden sample: its inputs, and version 1's answer in its outputs, asked of a live version 1. */
    private static ArrayNode poisonSample() throws IOException, InterruptedException {
        Fraud fraud = new Fraud(SharedTeal.get().api());
        fraud.endpoint("poison-source", "{}");
        byte[] poison = Files.readAllBytes(FraudDetection.DIRECTORY.resolve("request-poison.json"));
        JsonNode answer = Http.post(SharedTeal.get().infer("poison-source"), poison);
        ObjectNode sample = Json.MAPPER.createObjectNode();
        sample.set("inputs", Json.MAPPER.readTree(poison).path("inputs"));
        sample.set("outputs", answer.path("outputs"));
        return Json.MAPPER.createArrayNode().add(sample);
    }
}
