package dev.teal.platform.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.db.TestDatabase;
import dev.teal.platform.Api;
import dev.teal.platform.PlatformServer;
import dev.teal.platform.registry.Models.Form;
import dev.teal.protocol.cell.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class RegistryTest {
    private static PlatformServer platform;
    private static Api admin;

    @BeforeAll
    static void start() {
        platform = PlatformServer.start(
                        TestDatabase.fresh(),
                        PlatformServer.newHome(),
                        Map.of("platform.artifacts.max-artifact", "1MB", "platform.artifacts.max-samples", "100KB"))
                .awaitDatabase();
        admin = platform.asAdmin();
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    /** Every file of the store. */
    static List<Path> files() {
        try (Stream<Path> files = Files.walk(platform.home().resolve("artifacts"))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

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

    @ParameterizedTest
    @CsvSource({
        "fraud-detection/bad/corrupt.onnx,                NOT_AN_ONNX_MODEL, damaged or end too early",
        "product-categorization/bad/corrupt.onnx,         NOT_AN_ONNX_MODEL, damaged or end too early",
        "fraud-detection/bad/external-data.onnx,          EXTERNAL_DATA,     outside of its file",
        "product-categorization/bad/external-data.onnx,   EXTERNAL_DATA,     outside of its file",
        "fraud-detection/request.json,                    NOT_AN_ONNX_MODEL, not a usable ONNX model",
        "README.md,                                       NOT_AN_ONNX_MODEL, not a usable ONNX model"
    })
    void givenABadArtifactItIsRefusedAndNothingStaysBehind(String file, String code, String words) {
        String model = Models.create(admin);
        List<Path> before = files();

        Api.Answer answer = new Form().part("artifact", Models.bytes(file)).upload(admin, model);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.json().get("detail").asString()).contains(words);
        assertThat(files()).isEqualTo(before);
        assertThat(admin.get("/api/v1/models/" + model + "/versions")
                        .json()
                        .get("items")
                        .isEmpty())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            fraud-detection/bad/incompatible.samples.json | sample 1
            product-categorization/v1.samples.json        | sample 1
            README.md                                     | JSON
            fraud-detection/request.json                  | array
            """)
    void givenSamplesThatAreNotOfThisModelTheUploadIsRefused(String file, String words) {
        String model = Models.create(admin);
        List<Path> before = files();

        Api.Answer answer = new Form()
                .part("artifact", Models.bytes("fraud-detection/v1.onnx"))
                .part("samples", Models.bytes(file))
                .upload(admin, model);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo("INVALID_SAMPLES");
        assertThat(answer.json().get("detail").asString()).contains(words);
        assertThat(files()).isEqualTo(before);
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
                .part(
                        "artifact",
                        Arrays.copyOf(
                                Models.bytes("fraud-detection/bad/slow.onnx"),
                                Models.bytes("fraud-detection/bad/slow.onnx").length))
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
    void givenAnUploadAboveTheLimitItIsRefusedWithTheLimit() {
        String model = Models.create(admin);
        List<Path> before = files();

        Api.Answer artifact = new Form().part("artifact", new byte[3 << 20]).upload(admin, model);
        Api.Answer samples = new Form().part("samples", new byte[200 << 10]).upload(admin, model);
        Api.Answer metadata = new Form().part("metadata", " ".repeat(70_000)).upload(admin, model);

        assertThat(artifact.status()).isEqualTo(413);
        assertThat(artifact.json().get("limitBytes").asLong()).isEqualTo(1 << 20);
        assertThat(samples.json().get("part").asString()).isEqualTo("samples");
        assertThat(metadata.status()).isEqualTo(413);
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void givenABodyThatEndsEarlyNothingStaysBehind() {
        String model = Models.create(admin);
        List<Path> before = files();

        Api.Answer answer = Form.send(
                admin,
                model,
                new Form()
                        .part("artifact", Models.bytes("fraud-detection/v2.onnx"))
                        .unfinished());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("BROKEN_UPLOAD");
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void givenAConnectionThatBreaksWhileUploadingNothingStaysBehind() throws Exception {
        String model = Models.create(admin);
        List<Path> before = files();

        try (var socket = new java.net.Socket("127.0.0.1", platform.port())) {
            byte[] body = new Form().part("artifact", new byte[500_000]).unfinished();
            socket.getOutputStream()
                    .write(("POST /api/v1/models/" + model
                                    + "/versions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + admin.key()
                                    + "\r\nContent-Type: multipart/form-data; boundary=teal-test-boundary\r\nContent-Length: 900000\r\n\r\n")
                            .getBytes());
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            org.awaitility.Awaitility.await()
                    .atMost(java.time.Duration.ofSeconds(20))
                    .until(() -> !files().equals(before));
        }

        org.awaitility.Awaitility.await()
                .atMost(java.time.Duration.ofSeconds(60))
                .until(() -> files().equals(before));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"version": "-1"}                     | 422 | INVALID_VALUE  | 'version' must be
            {"version": ""}                       | 422 | INVALID_VALUE  | 'version' must be
            {"version": 1}                        | 400 | WRONG_TYPE     | 'version' must be a text
            {"verison": "1"}                      | 400 | UNKNOWN_FIELD  | 'verison' is unknown here; the fields are description, labels, version
            {"labels": {"a b": "c"}}              | 422 | INVALID_VALUE  | label's name
            {"labels": ["a"]}                     | 400 | WRONG_TYPE     | 'labels' must be an object
            {"labels": {"a": null}}               | 422 | INVALID_VALUE  | label 'a' must be a text
            {"version": "1", "version": "2"}      | 400 | MALFORMED_JSON | can't be read as JSON
            [                                     | 400 | MALFORMED_JSON | can't be read as JSON
            []                                    | 400 | WRONG_TYPE     | must be an object
            """)
    void givenBadMetadataTheAnswerNamesTheField(String metadata, int status, String code, String words) {
        String model = Models.create(admin);

        Api.Answer answer = new Form()
                .part("artifact", Models.bytes("fraud-detection/v1.onnx"))
                .part("metadata", metadata)
                .upload(admin, model);

        assertThat(answer.json().get("detail").asString()).contains(words);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
    }

    @Test
    void givenMissingOrUnknownPartsTheAnswerNamesThem() {
        String model = Models.create(admin);

        assertThat(new Form()
                        .part("metadata", "{}")
                        .upload(admin, model)
                        .json()
                        .get("detail")
                        .asString())
                .contains("part 'artifact' is missing");
        assertThat(new Form().part("artifact", new byte[0]).upload(admin, model).code())
                .isEqualTo("BROKEN_UPLOAD");
        assertThat(new Form().part("model", "x").upload(admin, model).code()).isEqualTo("UNKNOWN_PART");
        assertThat(new Form()
                        .part("metadata", "{}")
                        .part("metadata", "{}")
                        .upload(admin, model)
                        .code())
                .isEqualTo("UNKNOWN_PART");
        assertThat(admin.post("/api/v1/models/" + model + "/versions", "{}").status())
                .isEqualTo(415);
        assertThat(new Form().part("artifact", "x").upload(admin, "nowhere").code())
                .isEqualTo("UNKNOWN_MODEL");
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
    void givenACrashBetweenFileAndRowTheNextStartTakesTheFileAway() throws IOException {
        Path home = PlatformServer.newHome();
        TestDatabase database = TestDatabase.fresh();
        byte[] artifact = Models.bytes("fraud-detection/v1.onnx");
        try (PlatformServer first =
                PlatformServer.start(database, home, Map.of()).awaitDatabase()) {
            new Form().part("artifact", artifact).upload(first.asAdmin(), Models.create(first.asAdmin()));
        }
        Path orphan = home.resolve("artifacts/objects/ab/" + "c".repeat(62));
        Files.createDirectories(orphan.getParent());
        Files.writeString(orphan, "a file whose row was never committed");
        Path oldDraft = Files.writeString(home.resolve("artifacts/drafts/old.part"), "half");
        Files.setLastModifiedTime(oldDraft, java.nio.file.attribute.FileTime.fromMillis(0));

        try (PlatformServer second =
                PlatformServer.start(database, home, Map.of()).awaitDatabase()) {
            assertThat(orphan).doesNotExist();
            assertThat(oldDraft).doesNotExist();
            assertThat(second.bean(Registry.class).open(Digests.of(artifact)).exists())
                    .isTrue();
        }
    }

    @Test
    void givenAFailingCommitTheFileGoesToo() {
        String model = Models.create(admin);
        JdbcClient sql = platform.bean(JdbcClient.class);
        List<Path> before = files();
        sql.sql("create function refuse_commit() returns trigger language plpgsql as " + "'begin if new.model = ''"
                        + model + "'' then raise exception ''no''; end if; return null; end'")
                .update();
        sql.sql("create constraint trigger refuse_commit after insert on model_version deferrable initially deferred "
                        + "for each row execute function refuse_commit()")
                .update();
        try {
            // A model that no other test uploads
            assertThat(new Form()
                            .part("artifact", Models.bytes("fraud-detection/bad/hungry.onnx"))
                            .upload(admin, model)
                            .status())
                    .isEqualTo(500);
        } finally {
            sql.sql("drop trigger refuse_commit on model_version").update();
            sql.sql("drop function refuse_commit").update();
        }

        assertThat(files()).isEqualTo(before);
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
