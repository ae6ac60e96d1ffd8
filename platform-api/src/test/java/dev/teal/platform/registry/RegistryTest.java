package dev.teal.platform.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.Api;
import dev.teal.platform.registry.Models.Form;
import dev.teal.protocol.cell.Digests;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** What is uploaded is registered once, and comes back. */
class RegistryTest extends SmallRegistry {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "fraud-detection/v1",
                "fraud-detection/v2",
                "product-categorization/v1",
                "product-categorization/v2",
                "product-categorization/v3",
                "fraud-detection/bad/incompatible",
                "fraud-detection/bad/nonfinite",
                "product-categorization/bad/incompatible"
            })
    void givenAGoodModelWithItsSamplesItIsRegisteredAndComesBackByteByByte(String file) {
        String model = Models.create(admin);
        byte[] artifact = Models.bytes(file + ".onnx");
        byte[] samples = Models.bytes(file + ".samples.json");

        Api.Answer answer = new Form()
                .part("samples", samples)
                .part("metadata", "{\"description\":\"d\",\"labels\":{\"team\":\"fraud\"}}")
                .part("artifact", artifact)
                .upload(admin, model);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        JsonNode version = answer.json();
        assertThat(answer.header("Location")).isEqualTo("/api/v1/models/" + model + "/versions/1");
        assertThat(version.get("version").asString()).isEqualTo("1");
        assertThat(version.get("digest").asString()).isEqualTo(Digests.of(artifact));
        assertThat(version.get("artifactBytes").asLong()).isEqualTo(artifact.length);
        assertThat(version.get("samplesCount").asInt()).isEqualTo(13);
        assertThat(version.at("/labels/team").asString()).isEqualTo("fraud");
        assertThat(admin.get(answer.header("Location")).json()).isEqualTo(version);
        Api.Answer download = admin.get(answer.header("Location") + "/artifact");
        assertThat(download.response().body()).isEqualTo(artifact);
        assertThat(download.header("ETag")).isEqualTo('"' + Digests.of(artifact) + '"');
        assertThat(admin.get(answer.header("Location") + "/samples").response().body())
                .isEqualTo(samples);
    }

    @Test
    void givenTheFraudModelItsSignatureIsReadFromTheFile() {
        String model = Models.create(admin);

        JsonNode signature = new Form()
                .part("artifact", Models.bytes("fraud-detection/v1.onnx"))
                .upload(admin, model)
                .json()
                .get("signature");

        assertThat(signature.toString()).isEqualTo("""
                {"inputs":[{"name":"features","datatype":"FP32","shape":[-1,8]},{"name":"merchant_category","datatype":"INT64","shape":[-1]}],\
                "outputs":[{"name":"label","datatype":"INT64","shape":[-1]},{"name":"probabilities","datatype":"FP32","shape":[-1,2]}],"opset":17}""");
    }

    @Test
    void givenTheSameVersionAgainTheBytesDecide() {
        String model = Models.create(admin);
        byte[] first = Models.bytes("fraud-detection/v1.onnx");
        new Form()
                .part("artifact", first)
                .part("metadata", "{\"version\":\"1.0\"}")
                .upload(admin, model);
        List<Path> before = files();

        Api.Answer same = new Form()
                .part("artifact", first)
                .part("metadata", "{\"version\":\"1.0\"}")
                .upload(admin, model);
        Api.Answer other = new Form()
                .part("artifact", Models.bytes("fraud-detection/bad/slow.onnx"))
                .part("metadata", "{\"version\":\"1.0\"}")
                .upload(admin, model);
        Api.Answer otherSamples = new Form()
                .part("artifact", first)
                .part("samples", Models.bytes("fraud-detection/v1.samples.json"))
                .part("metadata", "{\"version\":\"1.0\"}")
                .upload(admin, model);

        assertThat(same.status()).isEqualTo(200);
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.code()).isEqualTo("VERSION_EXISTS");
        assertThat(other.json().get("existingDigest").asString()).isEqualTo(Digests.of(first));
        assertThat(otherSamples.status()).isEqualTo(409);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void givenUploadsAtOnceEachGetsANumberOfItsOwn() throws Exception {
        String model = Models.create(admin);
        List<String> versions = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Api.Answer>> uploads = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                uploads.add(threads.submit(() -> new Form()
                        .part("artifact", Models.bytes("fraud-detection/v2.onnx"))
                        .upload(admin, model)));
            }
            for (Future<Api.Answer> upload : uploads) {
                assertThat(upload.get().status()).isEqualTo(201);
                versions.add(upload.get().json().get("version").asString());
            }
        }

        assertThat(versions).containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6", "7", "8");
        assertThat(files().stream().filter(file -> file.toString().contains("drafts")))
                .isEmpty();
    }

    @Test
    void givenARaceForOneVersionWithDifferentBytesOneWins() throws Exception {
        String model = Models.create(admin);
        List<Integer> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Api.Answer>> uploads = new ArrayList<>();
            for (String file : List.of("v1", "v2", "bad/drifted", "bad/noisy")) {
                uploads.add(threads.submit(() -> new Form()
                        .part("metadata", "{\"version\":\"x\"}")
                        .part("artifact", Models.bytes("fraud-detection/" + file + ".onnx"))
                        .upload(admin, model)));
            }
            for (Future<Api.Answer> upload : uploads) {
                answers.add(upload.get().status());
            }
        }

        assertThat(answers).containsExactlyInAnyOrder(201, 409, 409, 409);
        requireStoreEqualsRows();
    }

    @Test
    void givenTheSameUploadWithItsIdempotencyKeyItIsDoneOnce() {
        String model = Models.create(admin);
        byte[] artifact = Models.bytes("fraud-detection/v1.onnx");

        Api.Answer first = new Form().part("artifact", artifact).upload(admin, model, "Idempotency-Key", model);
        Api.Answer again = new Form().part("artifact", artifact).upload(admin, model, "Idempotency-Key", model);
        Api.Answer other = new Form()
                .part("artifact", Models.bytes("fraud-detection/v2.onnx"))
                .upload(admin, model, "Idempotency-Key", model);

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(other.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
    }

    @Test
    void givenPagesEachVersionComesOnceAndNumbersInTheirOrder() {
        String model = Models.create(admin);
        for (int i = 0; i < 11; i++) {
            new Form().part("artifact", Models.bytes("fraud-detection/v1.onnx")).upload(admin, model);
        }

        List<String> seen = new ArrayList<>();
        String after = "";
        while (after != null) {
            JsonNode page = admin.get("/api/v1/models/" + model + "/versions?limit=4&after=" + after)
                    .json();
            page.get("items").forEach(version -> seen.add(version.get("version").asString()));
            after = page.get("next").isNull() ? null : page.get("next").asString();
        }
        assertThat(seen).containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11");
        assertThat(admin.get("/api/v1/models/" + model)
                        .json()
                        .get("latestVersion")
                        .asString())
                .isEqualTo("11");
    }

    @Test
    void givenAViewerItReadsAndDoesNotUpload() {
        String model = Models.create(admin);
        Api viewer = platform.withRole("VIEWER");

        assertThat(viewer.get("/api/v1/models/" + model).status()).isEqualTo(200);
        assertThat(new Form().part("artifact", "x").upload(viewer, model).status())
                .isEqualTo(403);
        assertThat(platform.withRole("INFERENCE").get("/api/v1/models").status())
                .isEqualTo(403);
    }

    private static void requireStoreEqualsRows() {
        long objects = platform.bean(JdbcClient.class)
                .sql("select count(*) from stored_object")
                .query(Long.class)
                .single();
        assertThat(files()).hasSize((int) objects);
    }
}
