package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.Inspected.assertRefused;
import static dev.teal.protocol.onnx.Inspected.graph;
import static dev.teal.protocol.onnx.Inspected.read;
import static dev.teal.protocol.onnx.OnnxModels.FLOAT;
import static dev.teal.protocol.onnx.OnnxModels.latin;
import static dev.teal.protocol.onnx.OnnxModels.model;
import static dev.teal.protocol.onnx.OnnxModels.tensor;
import static dev.teal.protocol.onnx.OnnxModels.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.protocol.onnx.OnnxRefused.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxInspectionTest {
    private static final Path EXAMPLES = Path.of(System.getProperty("teal.root"), "examples", "models");

    @Test
    void givenAModelItsBorderIsItsSignature() {
        assertThat(read(model(graph())))
                .isEqualTo(new ModelSignature(
                        List.of(new TensorSpec("x", Datatype.FP32, List.of(2L, -1L))),
                        List.of(new TensorSpec("y", Datatype.INT64, List.of())),
                        20));
    }

    @Test
    void givenAnInputWithAWeightNobodyIsAskedForIt() {
        Message graph = graph().with(11, value("w", FLOAT, 3))
                .with(5, tensor("w", FLOAT, 3).with(9, new byte[12]));

        assertThat(read(model(graph)).inputs()).extracting(TensorSpec::name).containsExactly("x");
    }

    @Test
    void givenTheExampleModelsTheyAreReadAsTheyAre(@TempDir Path folder) throws IOException {
        List<Path> good;
        try (Stream<Path> files = Files.walk(EXAMPLES)) {
            good = files.filter(file -> file.getFileName().toString().matches("v[0-9]\\.onnx"))
                    .toList();
        }

        assertThat(good).hasSizeGreaterThan(3);
        for (Path file : good) {
            assertThat(OnnxInspection.read(file).outputs()).as(file.toString()).hasSize(2);
            byte[] bytes = Files.readAllBytes(file);
            for (int cut = 0; cut < bytes.length; cut += Math.max(1, bytes.length / 500)) {
                Path part = Files.write(folder.resolve("part.onnx"), Arrays.copyOf(bytes, cut));
                assertThatThrownBy(() -> OnnxInspection.read(part)).isInstanceOf(OnnxRefused.class);
            }
        }
    }

    @Test
    void givenFilesThatAreNoModelTheyAreRefused() {
        byte[] whole = model(graph()).bytes();
        Message deep = new Message();
        for (int i = 0; i < 100; i++) {
            deep = new Message().with(1, new Message().with(5, new Message().with(6, deep)));
        }
        Message tooDeep = model(graph().with(1, new Message().with(5, new Message().with(6, deep))));
        Message longName = model(graph().with(5, new Message().with(8, "x".repeat(5000))));

        assertRefused(new Message(), Reason.NOT_A_MODEL, "no graph");
        assertRefused(new Message().raw(latin("PK\u0003\u0004 a zip file")), Reason.NOT_A_MODEL, "a zip archive");
        assertRefused(new Message().raw(whole).raw(latin("garbage")), Reason.NOT_A_MODEL, "no ONNX model has");
        assertRefused(new Message().raw(whole).raw(whole), Reason.NOT_A_MODEL, "twice");
        assertRefused(tooDeep, Reason.OVER_A_LIMIT, "64 deep");
        assertRefused(longName, Reason.OVER_A_LIMIT, "4096 bytes");
        assertRefused(new Message().with(1, 9), Reason.NOT_A_MODEL, "no graph");
        assertRefused(model(1, 20, graph()), Reason.NOT_A_MODEL, "IR version is 1");
        assertRefused(new Message().with(1, 9).with(7, graph()), Reason.NOT_A_MODEL, "no operator set");
    }
}
