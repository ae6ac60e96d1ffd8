package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.OnnxModels.FLOAT;
import static dev.teal.protocol.onnx.OnnxModels.latin;
import static dev.teal.protocol.onnx.OnnxModels.model;
import static dev.teal.protocol.onnx.OnnxModels.relu;
import static dev.teal.protocol.onnx.OnnxModels.tensor;
import static dev.teal.protocol.onnx.OnnxModels.value;

import dev.teal.protocol.onnx.OnnxRefused.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Files that want their reader to lose its way: broken, of two formats at once, or such that two readers read two things. */
final class WireTricks {
    private WireTricks() {}

    private static HostileModel refused(String name, Message content, String words) {
        return HostileModel.refused(name, content, Reason.NOT_A_MODEL, words);
    }

    static List<HostileModel> models() {
        return Stream.of(truncated(), formats(), lengths(), types(), twice())
                .flatMap(List::stream)
                .toList();
    }

    private static List<HostileModel> truncated() {
        byte[] whole = model(relu().with(5, tensor("w", FLOAT, 16).with(9, new byte[64])))
                .bytes();
        List<HostileModel> cut = new ArrayList<>();
        cut.add(refused("nothing-at-all", new Message(), "no graph"));
        for (int i = 1; i <= 12; i++) {
            int at = whole.length * i / 13;
            cut.add(refused("truncated-at-byte-" + at, new Message().raw(Arrays.copyOf(whole, at)), "end too early"));
        }
        return cut;
    }

    private static List<HostileModel> formats() {
        byte[] whole = model(relu()).bytes();
        return List.of(
                refused("polyglot-of-zip", new Message().raw(latin("PK\3\4")).raw(whole), "a zip archive"),
                refused(
                        "polyglot-of-elf",
                        new Message().raw(latin("\177ELF\2\1\1")).raw(whole),
                        "a program"),
                refused("polyglot-of-gzip", new Message().raw(0x1f, 0x8b, 8, 0).raw(whole), "gzip"),
                refused(
                        "polyglot-of-pickle",
                        new Message().raw(0x80, 4, 0x95, 0).raw(whole),
                        "pickle"),
                refused(
                        "polyglot-of-hdf5",
                        new Message().raw(0x89).raw(latin("HDF\r\n")).raw(whole),
                        "HDF5"),
                refused("polyglot-of-gguf", new Message().raw(latin("GGUF\3")).raw(whole), "GGUF"),
                // Its first field is a producer's name, so that it is an ONNX model as well
                refused(
                        "polyglot-of-the-runtimes-format",
                        new Message().with(2, "  ORTM  ").raw(whole),
                        "(.ort)"),
                refused(
                        "runtimes-format",
                        new Message().raw(0x18, 0, 0, 0).raw(latin("ORTM")).raw(new byte[64]),
                        "(.ort)"),
                refused("html-page", new Message().raw(latin("<!DOCTYPE html><html>")), ""),
                HostileModel.harmless(
                        "zip-archive-in-the-documentation",
                        model(relu()).with(6, new String(latin("PK\5\6" + "\0".repeat(18))))));
    }

    private static List<HostileModel> lengths() {
        byte[] endless = new byte[11];
        Arrays.fill(endless, (byte) 0xff);
        return List.of(
                refused("varint-without-end", new Message().raw(endless), "damaged"),
                refused(
                        "varint-beyond-64-bits",
                        new Message().raw(8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2),
                        "damaged"),
                refused("tag-beyond-32-bits", new Message().varint(1L << 33 | 8).varint(1), "damaged"),
                refused("field-number-zero", new Message().raw(0, 0), "damaged"),
                refused("length-beyond-the-file", new Message().promising(7, 1 << 30, new byte[4]), "damaged"),
                refused("length-below-zero", new Message().promising(7, -1, new byte[4]), "damaged"),
                refused(
                        "length-of-eight-exbibytes",
                        new Message().promising(7, Long.MAX_VALUE, new byte[4]),
                        "damaged"),
                refused(
                        "length-beyond-its-parent",
                        model(relu().with(1, new Message().promising(4, 40, latin("Relu"))))
                                .with(6, "x".repeat(100)),
                        "damaged"),
                refused(
                        "weight-longer-than-its-tensor",
                        model(relu().with(5, tensor("w", FLOAT, 256).promising(9, 1024, new byte[8])))
                                .with(6, "x".repeat(2000)),
                        "damaged"),
                refused(
                        "packed-floats-that-end-in-the-middle",
                        model(relu().with(5, tensor("w", FLOAT, 2).with(4, new byte[7]))),
                        "damaged"));
    }

    private static List<HostileModel> types() {
        Message group = new Message();
        for (int i = 0; i < 10_000; i++) {
            group.raw(0xa3, 6);
        }
        return List.of(
                refused("graph-that-is-a-number", new Message().with(1, 9).with(7, 9), "another type"),
                refused("version-that-is-a-text", new Message().with(1, "9"), "another type"),
                refused(
                        "dimension-that-is-a-float",
                        model(relu().with(
                                        5,
                                        new Message()
                                                .withFloat(1, 2f)
                                                .with(2, FLOAT)
                                                .with(9, new byte[8]))),
                        "another type"),
                refused("name-that-is-a-number", model(relu().with(1, new Message().with(4, 7))), "another type"),
                refused("groups-in-groups", model(relu().raw(group.bytes())), "a form that ONNX does not use"),
                refused("wire-type-seven", model(relu().raw(0xa7, 6)), "a form that ONNX does not use"),
                refused("field-that-no-model-has", model(relu()).with(99, 1), "a field 99"),
                refused(
                        "name-that-is-not-utf-8",
                        model(relu().with(1, new Message().with(4, latin("\u00c3\u0028")))),
                        "not UTF-8"),
                refused(
                        "tensor-with-two-types",
                        model(relu().with(
                                        12,
                                        new Message()
                                                .with(1, "z")
                                                .with(
                                                        2,
                                                        new Message()
                                                                .with(1, new Message().with(1, FLOAT))
                                                                .with(4, new Message())))),
                        "two types"));
    }

    /** What stands twice is merged by one reader, taken the first time or the last time by others. */
    private static List<HostileModel> twice() {
        Message weight = tensor("w", FLOAT, 1).with(9, new byte[4]);
        return List.of(
                refused("two-graphs", model(relu()).with(7, relu()), "two graphs"),
                refused(
                        "two-contents-of-a-weight",
                        model(relu().with(5, new Message().raw(weight.bytes()).with(9, new byte[4]))),
                        "twice"),
                refused(
                        "two-types-of-a-weight",
                        model(relu().with(5, new Message().raw(weight.bytes()).with(2, FLOAT))),
                        "twice"),
                refused("two-weights-of-one-name", model(relu().with(5, weight).with(5, weight)), "weight 'w' twice"),
                refused(
                        "two-attributes-of-one-name",
                        model(relu().with(
                                        1,
                                        new Message()
                                                .with(4, "Elu")
                                                .with(5, OnnxModels.attribute("alpha", 1))
                                                .with(5, OnnxModels.attribute("alpha", 2)))),
                        "'alpha' twice"),
                HostileModel.refused(
                        "two-inputs-of-one-name",
                        model(relu().with(11, value("x", FLOAT, 1))),
                        Reason.TENSOR,
                        "'x' is declared twice"),
                HostileModel.refused(
                        "two-outputs-of-one-name",
                        model(relu().with(12, value("y", FLOAT, 1))),
                        Reason.TENSOR,
                        "'y' is declared twice"));
    }
}
