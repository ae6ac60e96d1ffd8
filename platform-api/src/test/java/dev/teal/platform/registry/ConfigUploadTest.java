package dev.teal.platform.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.db.TestDatabase;
import dev.teal.platform.Api;
import dev.teal.platform.PlatformServer;
import dev.teal.platform.registry.Models.Form;
import dev.teal.protocol.cell.Batching;
import dev.teal.protocol.cell.CellState;
import dev.teal.protocol.cell.ControlPlane;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.oip.ModelConfig;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A configuration beside a model: taken, kept with the version, and carried to the cell. */
class ConfigUploadTest {
    private static final String CONFIG = """
            max_batch_size: 8
            output { name: "probabilities" data_type: TYPE_FP32 dims: 2 label_filename: "classes.txt" }
            dynamic_batching { }
            """;

    private static PlatformServer platform;
    private static Api admin;

    @BeforeAll
    static void start() {
        platform = PlatformServer.start(
                        TestDatabase.fresh(), PlatformServer.newHome(), Map.of("platform.cells.regions", "here"))
                .awaitDatabase();
        admin = platform.asAdmin();
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static Form upload(String config, String labels) {
        return new Form()
                .part("metadata", "{\"version\":\"1\"}")
                .part("config", config)
                .file("labels", "classes.txt", labels.getBytes())
                .part("artifact", Models.bytes("fraud-detection/v1.onnx"));
    }

    @Test
    void givenTheSameVersionWithAnotherConfigurationItIsThereAlready() {
        String model = Models.create(admin);

        assertThat(upload(CONFIG, "honest\nfraud\n").upload(admin, model).status())
                .isEqualTo(201);
        // Other words for the same
        assertThat(upload("# again\n" + CONFIG, "honest\r\nfraud")
                        .upload(admin, model)
                        .status())
                .isEqualTo(200);
        for (Form other : List.of(
                upload(CONFIG, "no\nyes\n"),
                upload(CONFIG.replace("8", "9"), "honest\nfraud\n"),
                new Form()
                        .part("metadata", "{\"version\":\"1\"}")
                        .part("artifact", Models.bytes("fraud-detection/v1.onnx")))) {
            Api.Answer answer = other.upload(admin, model);
            assertThat(answer.code()).isEqualTo("VERSION_EXISTS");
            assertThat(answer.json().get("detail").asString()).contains("another configuration");
        }
    }

    @Test
    void givenOneIdempotencyKeyTheConfigurationIsPartOfWhatWasAsked() {
        String model = Models.create(admin);
        String[] key = {"Idempotency-Key", "config-" + model};

        assertThat(upload(CONFIG, "a\nb\n").upload(admin, model, key).status()).isEqualTo(201);
        assertThat(upload(CONFIG, "a\nb\n").upload(admin, model, key).status()).isEqualTo(201);
        assertThat(upload(CONFIG, "a\nc\n").upload(admin, model, key).code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
    }

    @Test
    void givenWhatCanNotBeTakenNothingIsRegistered() {
        String model = Models.create(admin);

        Api.Answer mistake = upload("max_batch_size 8", "").upload(admin, model);
        Api.Answer other = upload("output { name: \"scores\" data_type: TYPE_FP32 dims: 2 }", "")
                .upload(admin, model);
        Api.Answer sequence = upload("sequence_batching { }", "").upload(admin, model);
        Api.Answer large = upload("#".repeat(70_000), "").upload(admin, model);
        Api.Answer many = upload(CONFIG, "x".repeat(300_000)).upload(admin, model);
        Api.Answer twice = upload(CONFIG, "").part("config", CONFIG).upload(admin, model);
        Api.Answer sameFile =
                upload(CONFIG, "").file("labels", "classes.txt", new byte[0]).upload(admin, model);
        Api.Answer alone = new Form()
                .file("labels", "classes.txt", new byte[0])
                .part("artifact", Models.bytes("fraud-detection/v1.onnx"))
                .upload(admin, model);

        assertThat(mistake.status()).isEqualTo(422);
        assertThat(mistake.code()).isEqualTo("INVALID_CONFIG");
        assertThat(mistake.json().get("detail").asString()).contains("line 1, column 16");
        assertThat(other.code()).isEqualTo("CONFIG_MISMATCH");
        assertThat(other.json().get("differences").get(0).asString())
                .isEqualTo("output 'scores' is not in the file, which has [label, probabilities]");
        assertThat(sequence.code()).isEqualTo("UNSUPPORTED_CONFIG");
        assertThat(large.json().get("limitBytes").asInt()).isEqualTo(64 << 10);
        assertThat(many.json().get("limitBytes").asInt()).isEqualTo(256 << 10);
        assertThat(twice.code()).isEqualTo("UNKNOWN_PART");
        assertThat(sameFile.code()).isEqualTo("UNKNOWN_PART");
        assertThat(alone.code()).isEqualTo("BROKEN_UPLOAD");
        assertThat(admin.get("/api/v1/models/" + model + "/versions").json().get("items"))
                .isEmpty();
    }

    @Test
    void givenAConfigurationTheCellIsToldOfItWithTheVersion() {
        String model = Models.create(admin);
        upload(CONFIG, "honest\nfraud\n").upload(admin, model);
        var plane = new ControlPlane(URI.create(platform.as("").base()), "here", PlatformServer.CELL_KEY);

        Api.Answer declared = admin.put(
                "/api/v1/endpoints/" + model,
                "{\"model\":\"" + model
                        + "\",\"version\":\"1\",\"configuration\":{\"maxBatchRows\":64,\"batchDelay\":\"2ms\"}}");

        assertThat(declared.status()).as(declared.toString()).isEqualTo(201);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            EndpointState state = CellState.empty("here")
                    .apply(plane.state(0))
                    .endpoint(model)
                    .orElseThrow();
            assertThat(state.environments()).singleElement().satisfies(environment -> {
                assertThat(environment.config())
                        .isEqualTo(new ModelConfig(
                                8,
                                new Batching(8, 0),
                                Map.of("probabilities", List.of("honest", "fraud")),
                                List.of(),
                                Map.of("probabilities", "classes.txt"),
                                List.of()));
                // Never more rows than the model takes
                assertThat(environment.runtime().batching()).isEqualTo(new Batching(8, 2_000));
            });
        });
    }
}
