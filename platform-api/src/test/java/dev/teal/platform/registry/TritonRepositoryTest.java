package dev.teal.platform.registry;

import static dev.teal.protocol.onnx.OnnxModels.FLOAT;
import static dev.teal.protocol.onnx.OnnxModels.INT64;
import static dev.teal.protocol.onnx.OnnxModels.STRING;
import static dev.teal.protocol.onnx.OnnxModels.graph;
import static dev.teal.protocol.onnx.OnnxModels.model;
import static dev.teal.protocol.onnx.OnnxModels.node;
import static dev.teal.protocol.onnx.OnnxModels.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.Api;
import dev.teal.platform.PlatformServer;
import dev.teal.platform.registry.Models.Form;
import dev.teal.protocol.onnx.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A repository of Triton's comes over as it is: its models, their versions, configurations and labels. */
class TritonRepositoryTest {
    private final Api admin = PlatformServer.shared().asAdmin();
    private final String prefix = "m-" + UUID.randomUUID() + "-";

    @TempDir
    Path repository;

    private void write(String file, byte[] content) throws IOException {
        Path path = repository.resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(path, content);
    }

    private void write(String file, String content) throws IOException {
        write(file, content.getBytes(StandardCharsets.UTF_8));
    }

    private void repository() throws IOException {
        Message classifier = graph().with(1, node("Relu", "image", "scores"))
                .with(11, value("image", FLOAT, -1, 3))
                .with(12, value("scores", FLOAT, -1, 3));
        write("classifier/1/model.onnx", model(classifier).bytes());
        write("classifier/2/model.onnx", model(8, 17, classifier).bytes());
        write("classifier/labels.txt", "cat\ndog\nbird\n");
        write("classifier/config.pbtxt", """
                name: "classifier"
                platform: "onnxruntime_onnx"
                max_batch_size: 8
                input [ { name: "image" data_type: TYPE_FP32 dims: [ 3 ] } ]
                output [ { name: "scores" data_type: TYPE_FP32 dims: [ 3 ] label_filename: "labels.txt" } ]
                dynamic_batching { preferred_batch_size: [ 4, 8 ] max_queue_delay_microseconds: 100 }
                instance_group [ { count: 2 kind: KIND_CPU } ]
                """);
        Message text = graph().with(1, node("Identity", "TEXT", "OUT"))
                .with(11, value("TEXT", STRING, -1, 1))
                .with(12, value("OUT", STRING, -1, 1));
        write("text/1/model.onnx", model(text).bytes());
        write("text/config.pbtxt", """
                # written by hand, as one writes it
                backend: 'onnxruntime'   # not a platform
                max_batch_size: 32
                input: { name: "TE" "XT", data_type: TYPE_STRING, dims: 1 };
                output < name: "OUT" data_type: TYPE_STRING dims: [ 1 ] >
                model_warmup {
                  name: "empty text"
                  batch_size: 1
                  inputs { key: "TEXT" value { data_type: TYPE_STRING dims: [ 1 ] zero_data: true } }
                }
                version_policy: { all { } }
                """);
        Message counter = graph().with(1, node("Identity", "n", "m"))
                .with(11, value("n", INT64, 4))
                .with(12, value("m", INT64, 4));
        write("counter/7/model.onnx", model(counter).bytes());
        write("counter/config.pbtxt", "max_batch_size: 0\nresponse_cache { enable: true }\n");
    }

    private Api.Answer register(Path version) throws IOException {
        Path folder = version.getParent();
        Form form = new Form()
                .part("metadata", "{\"version\":\"" + version.getFileName() + "\"}")
                .part("artifact", Files.readAllBytes(version.resolve("model.onnx")))
                .part("config", Files.readAllBytes(folder.resolve("config.pbtxt")));
        Path labels = folder.resolve("labels.txt");
        if (Files.exists(labels)) {
            form.file("labels", "labels.txt", Files.readAllBytes(labels));
        }
        return form.upload(admin, prefix + folder.getFileName());
    }

    @Test
    void givenARepositoryEachModelIsRegisteredAsItIs() throws IOException {
        repository();

        try (Stream<Path> versions = Files.walk(repository, 2)) {
            for (Path version : versions.filter(
                            path -> repository.relativize(path).getNameCount() == 2)
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList()) {
                admin.post(
                        "/api/v1/models",
                        "{\"name\":\"" + prefix + version.getParent().getFileName() + "\"}");
                Api.Answer first = register(version);
                assertThat(first.status()).as(version + " " + first).isEqualTo(201);
                // Again, as a script is run again
                assertThat(register(version).status()).isEqualTo(200);
            }
        }

        JsonNode classifier = version("classifier", "2");
        assertThat(classifier.at("/config/maxBatchSize").asInt()).isEqualTo(8);
        assertThat(classifier.at("/config/batching").toString()).isEqualTo("{\"maxRows\":8,\"maxDelayMicros\":100}");
        assertThat(classifier.at("/config/labels/scores").toString()).isEqualTo("[\"cat\",\"dog\",\"bird\"]");
        assertThat(classifier.get("notes").toString())
                .contains("preferred_batch_size", "instance_group (count 2)", "name is not used");
        JsonNode text = version("text", "1");
        assertThat(text.at("/config/warmUps/0/inputs/0/shape").toString()).isEqualTo("[1,1]");
        assertThat(text.get("notes").toString()).contains("version_policy").doesNotContain("name is not used");
        JsonNode counter = version("counter", "7");
        assertThat(counter.at("/config/batching/maxRows").asInt()).isEqualTo(1);
        assertThat(counter.get("notes").toString()).contains("responseCache of the endpoint");
    }

    /** The script of docs/triton.md as it stands there, with this test's address and key. */
    @Test
    void givenTheScriptOfTheGuideItRegistersTheRepository() throws Exception {
        repository();
        for (String model : List.of("classifier", "text", "counter")) {
            Files.move(repository.resolve(model), repository.resolve(prefix + model));
        }
        Matcher script = Pattern.compile("(?s)```\nkey=.*?\n(call\\(\\) .*?cd model_repository\n.*?)```")
                .matcher(Files.readString(Path.of(System.getProperty("teal.root"), "docs/triton.md")));
        assertThat(script.find()).isTrue();
        Path file = Files.writeString(
                repository.resolveSibling("register-" + prefix + ".sh"),
                "key=" + admin.key() + "\napi=" + admin.base() + "/api/v1\n"
                        + script.group(1).replace("cd model_repository", "cd '" + repository + "'"));

        Process bash = new ProcessBuilder("bash", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Files.delete(file);

        assertThat(bash.waitFor()).as(said).isZero();
        assertThat(said.replace("/problems/model-exists", "")).doesNotContain("/problems/");
        assertThat(version("classifier", "1").at("/config/labels/scores/2").asString())
                .isEqualTo("bird");
        assertThat(version("classifier", "2").at("/config/maxBatchSize").asInt())
                .isEqualTo(8);
        assertThat(version("text", "1").at("/config/warmUps/0/name").asString()).isEqualTo("empty text");
        assertThat(version("counter", "7").get("notes")).isNotEmpty();
    }

    private JsonNode version(String model, String version) {
        return admin.get("/api/v1/models/" + prefix + model + "/versions/" + version)
                .json();
    }
}
