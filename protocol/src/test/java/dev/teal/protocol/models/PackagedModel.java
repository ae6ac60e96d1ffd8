package dev.teal.protocol.models;

import dev.teal.protocol.cell.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A file that {@code ./teal models} has fetched: its weights stay out of the repository. */
public enum PackagedModel {
    SPEECH_V5("silero_vad_v5.onnx"),
    SPEECH_V6("silero_vad_v6.onnx"),
    TEXT_DIRECTION("ch_ppocr_mobile_v2.0_cls_infer.onnx"),
    TEXT_RECOGNITION("ch_PP-OCRv4_rec_infer.onnx"),
    TEXT_CHARACTERS("ppocr_keys_v1.txt");

    private static final String LIST = "/packaged-models.txt";

    private final String fileName;

    PackagedModel(String fileName) {
        this.fileName = fileName;
    }

    /** @throws AssertionError saying what to do if it is not there, or is another */
    public Path file() {
        Path file = cache().resolve(fileName);
        if (Files.notExists(file)) {
            throw new AssertionError(fileName + " is not in " + cache() + "; this test needs it: run ./teal models");
        }
        try {
            String digest = Digests.of(Files.readAllBytes(file));
            if (!digest.equals("sha256:" + expectedSha256())) {
                throw new AssertionError(
                        file + " is not the one that is meant but " + digest + "; delete it and run ./teal models");
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path cache() {
        return environment("TEAL_MODELS")
                .map(Path::of)
                .orElseGet(() -> environment("XDG_CACHE_HOME")
                        .map(Path::of)
                        .orElse(Path.of(System.getProperty("user.home"), ".cache"))
                        .resolve("teal")
                        .resolve("models"));
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
    }

    private String expectedSha256() throws IOException {
        try (InputStream list = PackagedModel.class.getResourceAsStream(LIST)) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.endsWith("/" + fileName))
                    .map(line -> line.substring(0, line.indexOf(' ')))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(fileName + " is not in " + LIST));
        }
    }
}
