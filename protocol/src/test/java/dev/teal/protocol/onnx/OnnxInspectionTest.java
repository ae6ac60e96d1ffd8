package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.OnnxModels.FLOAT;
import static dev.teal.protocol.onnx.OnnxModels.INT64;
import static dev.teal.protocol.onnx.OnnxModels.latin;
import static dev.teal.protocol.onnx.OnnxModels.model;
import static dev.teal.protocol.onnx.OnnxModels.tensor;
import static dev.teal.protocol.onnx.OnnxModels.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.protocol.onnx.OnnxRefused.Reason;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxInspectionTest {
    private static final Path EXAMPLES = Path.of(System.getProperty("teal.root"), "examples", "models");

    private static ModelSignature read(Message model) {
        return OnnxInspection.read(MemorySegment.ofArray(model.bytes()));
    }

    private static Message graph() {
        return new Message()
                .with(1, new Message().with(4, "Relu"))
                .with(11, value("x", FLOAT, 2, -1))
                .with(12, value("y", INT64));
    }

    private static void assertRefused(Message model, Reason reason, String words) {
        assertThatThrownBy(() -> read(model)).isInstanceOfSatisfying(OnnxRefused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.detail()).contains(words);
        });
    }

    /** {@code Aa} and {@code BB} have one hash, and so has whatever is made of as many of them. */
    @Test
    void givenOperatorsOfOneHashTheyTakeNoLongerThanOthers() {
        Message graph = graph();
        for (int round = 0; round < 50; round++) {
            for (int name = 0; name < 1 << 13; name++) {
                StringBuilder operator = new StringBuilder();
                for (int bit = 0; bit < 13; bit++) {
                    operator.append((name >> bit & 1) == 0 ? "Aa" : "BB");
                }
                graph.with(1, new Message().with(4, operator.toString()));
            }
        }
        Message model = model(graph);

        ModelSignature signature = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> read(model));

        assertThat(signature.inputs()).hasSize(1);
    }

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
    void givenExternalDataAnywhereItIsRefused() {
        Message byList =
                tensor("w", FLOAT, 1).with(13, new Message().with(1, "location").with(2, "/etc/passwd"));
        Message byMark = tensor("w", FLOAT, 1).with(14, 1);
        for (Message tensor : List.of(byList, byMark)) {
            Message constant = new Message().with(4, "Constant").with(5, new Message().with(5, tensor));
            Message branch =
                    new Message().with(4, "If").with(5, new Message().with(6, new Message().with(1, constant)));
            Message function = new Message().with(1, "f").with(10, "own").with(7, constant);
            List<Message> models = List.of(
                    model(graph().with(5, tensor)),
                    model(graph().with(15, new Message().with(1, tensor))),
                    model(graph().with(
                                    15,
                                    new Message().with(1, tensor("s", FLOAT, 0)).with(2, tensor))),
                    model(graph().with(1, constant)),
                    model(graph().with(1, branch)),
                    model(graph().with(
                                    1, new Message().with(5, new Message().with(22, new Message().with(2, tensor))))),
                    model(graph().with(1, new Message().with(5, new Message().with(10, tensor)))),
                    model(graph().with(
                                    1, new Message().with(5, new Message().with(11, new Message().with(5, tensor))))),
                    model(graph(), function),
                    model(graph(), new Message().with(11, new Message().with(5, tensor))),
                    new Message().with(20, new Message().with(2, new Message().with(5, tensor))));

            for (Message model : models) {
                assertRefused(model, Reason.EXTERNAL_DATA, "'w'");
            }
        }
    }

    @Test
    void givenOperatorsThatAreNotBuiltInTheyAreRefusedUnlessTheFileDefinesThem() {
        Message foreign = new Message().with(4, "Evil").with(7, "custom");
        Message own = new Message().with(1, "Evil").with(10, "custom");

        assertRefused(model(graph().with(1, foreign)), Reason.OPERATORS, "'Evil' of domain 'custom'");
        assertThat(read(model(graph().with(1, foreign), own)).outputs()).hasSize(1);
        assertThat(read(model(graph().with(1, new Message().with(4, "Gelu").with(7, "com.microsoft"))))
                        .outputs())
                .hasSize(1);
        assertRefused(
                model(graph().with(1, new Message().with(4, "EPContext").with(7, "com.microsoft"))),
                Reason.OPERATORS,
                "EPContext");
    }

    @Test
    void givenFunctionsThatCallEachOtherInACircleTheyAreRefused() {
        Message a = new Message()
                .with(1, "A")
                .with(10, "own")
                .with(7, new Message().with(4, "B").with(7, "own"));
        Message b = new Message()
                .with(1, "B")
                .with(10, "own")
                .with(7, new Message().with(4, "A").with(7, "own"));
        Message leaf = new Message().with(1, "B").with(10, "own").with(7, new Message().with(4, "Relu"));

        assertRefused(model(graph(), a, b), Reason.OPERATORS, "calls itself");
        assertThat(read(model(graph(), a, leaf)).outputs()).hasSize(1);
    }

    @Test
    void givenATensorThatCanNotBeServedTheRefusalNamesIt() {
        Message sequence = new Message().with(1, "seq").with(2, new Message().with(4, new Message()));
        Message map = new Message().with(1, "zip").with(2, new Message().with(5, new Message()));
        Message optional = new Message().with(1, "opt").with(2, new Message().with(9, new Message()));
        Message shapeless = new Message().with(1, "any").with(2, new Message().with(1, new Message().with(1, 1)));
        record Case(Message output, String words) {}

        for (Case one : List.of(
                new Case(sequence, "'seq' is a sequence"),
                new Case(map, "'zip' is a map"),
                new Case(optional, "'opt' is optional"),
                new Case(shapeless, "'any' has no shape"),
                new Case(value("c", 14), "'c' has elements of ONNX type 14"),
                new Case(value("y", 1), "'y' is declared twice"),
                new Case(value("a\nb", 1), "printable"),
                new Case(value("r", 1, new long[17]), "'r' has more than 16 dimensions"))) {
            assertRefused(model(graph().with(12, one.output())), Reason.TENSOR, one.words());
        }
    }

    /** What a tensor of a type and shape must carry: {@code field} has so many bytes (raw) or numbers (others). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # type         | shape  | field | there | one less refused
        1 FLOAT        | 2,3    | 9     | 24    | true
        1 FLOAT        | 2,3    | 4     | 6     | true
        1 FLOAT        | 2,0    | 9     | 0     | false
        1 FLOAT        | ''     | 9     | 4     | true
        2 UINT8        | 5      | 9     | 5     | true
        9 BOOL         | 5      | 5     | 5     | true
        7 INT64        | 3      | 7     | 3     | true
        7 INT64        | 3      | 9     | 24    | true
        8 STRING       | 2      | 6     | 2     | true
        10 FLOAT16     | 3      | 5     | 3     | true
        11 DOUBLE      | 3      | 10    | 3     | true
        12 UINT32      | 3      | 11    | 3     | true
        14 COMPLEX64   | 3      | 4     | 6     | true
        15 COMPLEX128  | 3      | 10    | 6     | true
        16 BFLOAT16    | 3      | 9     | 6     | true
        17 FLOAT8      | 3      | 9     | 3     | true
        22 INT4        | 3      | 9     | 2     | true
        22 INT4        | 3      | 5     | 2     | true
        26 INT2        | 5      | 9     | 2     | true
        """)
    void givenATensorItCarriesExactlyWhatItSays(
            String type, String shape, int field, int there, boolean oneLessRefused) {
        int number = Integer.parseInt(type.split(" ")[0]);
        long[] sizes = Stream.of(shape.split(","))
                .filter(size -> !size.isEmpty())
                .mapToLong(Long::parseLong)
                .toArray();

        assertThat(read(model(graph().with(5, carrying(number, sizes, field, there))))
                        .outputs())
                .hasSize(1);
        assertRefused(
                model(graph().with(5, carrying(number, sizes, field, there + 1))),
                Reason.WRONG_SIZE,
                "are in the file");
        if (oneLessRefused) {
            assertRefused(
                    model(graph().with(5, carrying(number, sizes, field, there - 1))),
                    Reason.WRONG_SIZE,
                    "are in the file");
        }
    }

    private static Message carrying(int type, long[] shape, int field, int count) {
        Message tensor = tensor("w", type, shape);
        if (field == 9) {
            return tensor.with(9, new byte[count]);
        }
        if (field == 6) {
            for (int i = 0; i < count; i++) {
                tensor.with(6, "text");
            }
            return tensor;
        }
        return tensor.with(field, new byte[count * (field == 4 ? 4 : field == 10 ? 8 : 1)]);
    }

    @Test
    void givenWhatTheRuntimesOptimizerWritesItIsRead() {
        Message model = model(graph());
        for (String domain : List.of(
                "ai.onnx.ml",
                "com.microsoft",
                "com.microsoft.nchwc",
                "com.microsoft.experimental",
                "ai.onnx.training",
                "ai.onnx.preview.training",
                "org.pytorch.aten")) {
            OnnxModels.importing(model, domain, 1);
        }

        assertThat(read(model).opset()).isEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource({"ai.onnx,6", "ai.onnx,27", "ai.onnx.ml,6", "com.microsoft,2"})
    void givenAVersionOfOperatorsThatTheRuntimeDoesNotKnowItIsRefused(String domain, long version) {
        Message model = OnnxModels.importing(new Message().with(1, 9).with(7, graph()), domain, version);

        assertRefused(model, Reason.OPERATORS, "version " + version + " of " + domain);
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

    /** 2,000 a file: a signature or a refusal, and nothing else; a failure names the seed. */
    @ParameterizedTest
    @ValueSource(strings = {"fraud-detection/v1.onnx", "fraud-detection/v2.onnx", "product-categorization/v3.onnx"})
    void givenAMutatedModelThereIsASignatureOrARefusal(String file) throws IOException {
        byte[] good = Files.readAllBytes(EXAMPLES.resolve(file));
        for (long seed = 0; seed < 2_000; seed++) {
            byte[] mutated = mutated(good, new Random(seed));
            try {
                assertThat(read(new Message().raw(mutated)).outputs()).isNotEmpty();
            } catch (OnnxRefused refused) {
                assertThat(refused.detail()).as("seed " + seed).isNotBlank();
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    private static byte[] mutated(byte[] good, Random random) {
        byte[] bytes = good.clone();
        switch (random.nextInt(4)) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> {
                int from = random.nextInt(bytes.length);
                bytes = Arrays.copyOf(bytes, from + 1);
                bytes[from] = good[random.nextInt(good.length)];
            }
            default -> {
                // Most of what is not a weight stands near the end or the start: hit anywhere, and often
                for (int i = 1 + random.nextInt(8); i > 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
            }
        }
        return bytes;
    }
}
