package dev.teal.worker.bench;

import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;

/** A model that starts are measured with. */
enum BenchModel {
    TINY("fraud-detection, 2 KB") {
        @Override
        Path file(Path root, Path directory) {
            return root.resolve("examples/models/fraud-detection/v1.onnx");
        }

        @Override
        ModelSignature signature() {
            return new ModelSignature(
                    List.of(
                            new TensorSpec("features", Datatype.FP32, List.of(-1L, 8L)),
                            new TensorSpec("merchant_category", Datatype.INT64, List.of(-1L))),
                    List.of(
                            new TensorSpec("label", Datatype.INT64, List.of(-1L)),
                            new TensorSpec("probabilities", Datatype.FP32, List.of(-1L, 2L))),
                    17);
        }

        @Override
        String inputs() {
            return """
                    [{"name": "features", "datatype": "FP32", "shape": [1, 8], "data": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]},
                     {"name": "merchant_category", "datatype": "INT64", "shape": [1], "data": [3]}]""";
        }
    },
    INT8("all-MiniLM-L6-v2 int8, 23 MB") {
        @Override
        Path file(Path root, Path directory) throws IOException {
            return unpacked(directory, "all-minilm-l6-v2-q");
        }

        @Override
        ModelSignature signature() {
            return new ModelSignature(
                    TOKENS, List.of(new TensorSpec("last_hidden_state", Datatype.FP32, List.of(-1L, -1L, 384L))), 11);
        }

        @Override
        String inputs() {
            return tokens();
        }
    },
    FP32("all-MiniLM-L6-v2 fp32, 91 MB") {
        @Override
        Path file(Path root, Path directory) throws IOException {
            return unpacked(directory, "all-minilm-l6-v2");
        }

        @Override
        ModelSignature signature() {
            return new ModelSignature(
                    TOKENS,
                    List.of(
                            new TensorSpec("output_0", Datatype.FP32, List.of(-1L, -1L, 384L)),
                            new TensorSpec("882", Datatype.FP32, List.of(-1L, 384L))),
                    11);
        }

        @Override
        String inputs() {
            return tokens();
        }
    };

    private static final String VERSION = "0.36.2";
    private static final List<TensorSpec> TOKENS = List.of(
            new TensorSpec("input_ids", Datatype.INT64, List.of(-1L, -1L)),
            new TensorSpec("attention_mask", Datatype.INT64, List.of(-1L, -1L)),
            new TensorSpec("token_type_ids", Datatype.INT64, List.of(-1L, -1L)));

    private final String title;

    BenchModel(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** @param directory for what has to be unpacked */
    abstract Path file(Path root, Path directory) throws IOException;

    abstract ModelSignature signature();

    /** Of one request, as JSON. */
    abstract String inputs();

    private static String tokens() {
        String shape = "\"datatype\": \"INT64\", \"shape\": [1, 16], \"data\": ";
        String ids = "[101, 7592, 2088, 2003, 1037, 3231, 2005, 1996, 3435, 2944, 2008, 2057, 2031, 2000, 2224, 102]";
        return "[{\"name\": \"input_ids\", " + shape + ids + "}, {\"name\": \"attention_mask\", " + shape
                + "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}, {\"name\": \"token_type_ids\", " + shape
                + "[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}]";
    }

    private static Path unpacked(Path directory, String name) throws IOException {
        Path file = directory.resolve(name + ".onnx");
        if (Files.exists(file)) {
            return file;
        }
        String artifact = "langchain4j-embeddings-" + name;
        Path jar = Path.of(
                System.getProperty("maven.repo.local", System.getProperty("user.home") + "/.m2/repository"),
                "dev/langchain4j",
                artifact,
                VERSION,
                artifact + "-" + VERSION + ".jar");
        if (!Files.exists(jar)) {
            throw new IOException("first: mvn dependency:get -Dtransitive=false -Dartifact=dev.langchain4j:" + artifact
                    + ":" + VERSION);
        }
        try (ZipFile zip = new ZipFile(jar.toFile());
                InputStream model = zip.getInputStream(zip.getEntry(name + ".onnx"))) {
            Files.createDirectories(directory);
            Files.copy(model, file);
        }
        return file;
    }

    static String digest(Path file) throws IOException {
        return Digests.of(Files.readAllBytes(file));
    }
}
