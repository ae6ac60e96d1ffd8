package dev.teal.platform.registry.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import dev.teal.platform.problem.domain.Refused;
import dev.teal.platform.registry.Models;
import dev.teal.platform.registry.domain.ExternalData;
import dev.teal.platform.registry.domain.NotAnOnnxModel;
import dev.teal.platform.registry.domain.UnsupportedOperators;
import dev.teal.platform.registry.domain.UnsupportedTensor;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxReaderTest {
    @TempDir
    Path folder;

    private ModelSignature read(byte[] bytes) {
        try {
            return OnnxReader.read(Files.write(folder.resolve("model.onnx"), bytes));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A message in the making, in protobuf's wire format. */
    private static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

        Message with(int field, long number) {
            return write(() -> out.writeInt64(field, number));
        }

        Message with(int field, String text) {
            return with(field, text.getBytes(StandardCharsets.UTF_8));
        }

        Message with(int field, Message message) {
            return with(field, message.bytes());
        }

        Message with(int field, byte[] content) {
            return write(() -> out.writeByteArray(field, content));
        }

        byte[] bytes() {
            write(out::flush);
            return bytes.toByteArray();
        }

        private interface Write {
            void run() throws IOException;
        }

        private Message write(Write write) {
            try {
                write.run();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return this;
        }
    }

    private static Message value(String name, long datatype, long... shape) {
        Message dimensions = new Message();
        for (long size : shape) {
            dimensions.with(1, new Message().with(1, size));
        }
        return new Message()
                .with(1, name)
                .with(2, new Message().with(1, new Message().with(1, datatype).with(2, dimensions)));
    }

    private static Message graph() {
        return new Message()
                .with(1, new Message().with(4, "Relu"))
                .with(11, value("x", 1, 2, -1))
                .with(12, value("y", 7));
    }

    private static byte[] model(Message graph, Message... functions) {
        Message model =
                new Message().with(1, 9).with(8, new Message().with(2, 20)).with(7, graph);
        for (Message function : functions) {
            model.with(25, function);
        }
        return model.bytes();
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
        Message graph = graph().with(11, value("w", 1, 3))
                .with(5, new Message().with(8, "w").with(9, new byte[12]));

        assertThat(read(model(graph)).inputs()).extracting(TensorSpec::name).containsExactly("x");
    }

    @Test
    void givenExternalDataAnywhereItIsRefused() {
        Message byList = new Message()
                .with(8, "w")
                .with(13, new Message().with(1, "location").with(2, "/etc/passwd"));
        Message byMark = new Message().with(8, "w").with(14, 1);
        for (Message tensor : List.of(byList, byMark)) {
            Message constant = new Message().with(4, "Constant").with(5, new Message().with(5, tensor));
            Message branch =
                    new Message().with(4, "If").with(5, new Message().with(6, new Message().with(1, constant)));
            Message function = new Message().with(1, "f").with(10, "own").with(7, constant);
            List<byte[]> models = List.of(
                    model(graph().with(5, tensor)),
                    model(graph().with(15, new Message().with(1, tensor))),
                    model(graph().with(
                                    15,
                                    new Message()
                                            .with(1, new Message().with(8, "s"))
                                            .with(2, tensor))),
                    model(graph().with(1, constant)),
                    model(graph().with(1, branch)),
                    model(graph().with(
                                    1, new Message().with(5, new Message().with(22, new Message().with(2, tensor))))),
                    model(graph().with(1, new Message().with(5, new Message().with(10, tensor)))),
                    model(graph().with(
                                    1, new Message().with(5, new Message().with(11, new Message().with(5, tensor))))),
                    model(graph(), function),
                    model(graph(), new Message().with(11, new Message().with(5, tensor))),
                    new Message()
                            .with(20, new Message().with(2, new Message().with(5, tensor)))
                            .bytes());

            for (byte[] model : models) {
                assertThatThrownBy(() -> read(model))
                        .isInstanceOf(ExternalData.class)
                        .hasMessageContaining("outside of its file");
            }
        }
    }

    @Test
    void givenOperatorsThatAreNotBuiltInTheyAreRefusedUnlessTheFileDefinesThem() {
        Message foreign = new Message().with(4, "Evil").with(7, "custom");
        Message own = new Message().with(1, "Evil").with(10, "custom");

        assertThatThrownBy(() -> read(model(graph().with(1, foreign))))
                .isInstanceOf(UnsupportedOperators.class)
                .hasMessageContaining("'Evil' of domain 'custom'");
        assertThat(read(model(graph().with(1, foreign), own)).outputs()).hasSize(1);
        assertThat(read(model(graph().with(1, new Message().with(4, "Gelu").with(7, "com.microsoft"))))
                        .outputs())
                .hasSize(1);
        assertThatThrownBy(() -> read(
                        model(graph().with(1, new Message().with(4, "EPContext").with(7, "com.microsoft")))))
                .isInstanceOf(UnsupportedOperators.class);
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

        assertThatThrownBy(() -> read(model(graph(), a, b)))
                .isInstanceOf(UnsupportedOperators.class)
                .hasMessageContaining("calls itself");
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
                new Case(value("a\nb", 1), "printable"))) {
            assertThatThrownBy(() -> read(model(graph().with(12, one.output()))))
                    .isInstanceOf(UnsupportedTensor.class)
                    .hasMessageContaining(one.words());
        }
    }

    @Test
    void givenFilesThatAreNoModelTheyAreRefused() {
        byte[] whole = model(graph());
        Message deep = new Message();
        for (int i = 0; i < 100; i++) {
            deep = new Message().with(1, new Message().with(5, new Message().with(6, deep)));
        }
        byte[] tooDeep = model(graph().with(1, new Message().with(5, new Message().with(6, deep))));
        byte[] longName = model(graph().with(5, new Message().with(8, "x".repeat(5000))));

        for (byte[] bytes : List.of(
                new byte[0],
                "PK\u0003\u0004 a zip file, or something like one".getBytes(StandardCharsets.UTF_8),
                append(whole, "garbage"),
                append(whole, new String(whole, StandardCharsets.ISO_8859_1)),
                tooDeep,
                longName,
                new Message().with(1, 9).bytes(),
                new Message()
                        .with(1, 1)
                        .with(8, new Message().with(2, 20))
                        .with(7, graph())
                        .bytes(),
                new Message().with(1, 9).with(7, graph()).bytes())) {
            assertThatThrownBy(() -> read(bytes)).isInstanceOf(NotAnOnnxModel.class);
        }
    }

    private static byte[] append(byte[] bytes, String more) {
        byte[] tail = more.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = Arrays.copyOf(bytes, bytes.length + tail.length);
        System.arraycopy(tail, 0, all, bytes.length, tail.length);
        return all;
    }

    /** 2,000 a file: a signature or a refusal, and nothing else; a failure names the seed. */
    @ParameterizedTest
    @ValueSource(strings = {"fraud-detection/v1.onnx", "fraud-detection/v2.onnx", "product-categorization/v3.onnx"})
    void givenAMutatedModelThereIsASignatureOrARefusal(String file) {
        byte[] good = Models.bytes(file);
        for (long seed = 0; seed < 2_000; seed++) {
            byte[] mutated = mutated(good, new Random(seed));
            try {
                assertThat(read(mutated).outputs()).isNotEmpty();
            } catch (Refused refused) {
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
                bytes = append(
                        Arrays.copyOf(bytes, from),
                        new String(good, random.nextInt(good.length), 1, StandardCharsets.ISO_8859_1));
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
