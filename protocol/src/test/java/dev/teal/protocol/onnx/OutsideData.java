package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.OnnxModels.FLOAT;
import static dev.teal.protocol.onnx.OnnxModels.INT64;
import static dev.teal.protocol.onnx.OnnxModels.external;
import static dev.teal.protocol.onnx.OnnxModels.graph;
import static dev.teal.protocol.onnx.OnnxModels.graphAttribute;
import static dev.teal.protocol.onnx.OnnxModels.int64s;
import static dev.teal.protocol.onnx.OnnxModels.model;
import static dev.teal.protocol.onnx.OnnxModels.node;
import static dev.teal.protocol.onnx.OnnxModels.tensor;
import static dev.teal.protocol.onnx.OnnxModels.tensorAttribute;
import static dev.teal.protocol.onnx.OnnxModels.typed;
import static dev.teal.protocol.onnx.OnnxModels.value;

import dev.teal.protocol.onnx.HostileModel.Fate;
import dev.teal.protocol.onnx.OnnxRefused.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Files that want the content of another file as their weights: what CVE-2022-25882, CVE-2024-27318, CVE-2026-27489, -34445, -34446 and -34447 did in
 * ONNX, and what ONNX Runtime mended in #26776, #27374, #27430, #28408 and #28617.
 */
final class OutsideData {
    private OutsideData() {}

    /** A model that gives its weight away: {@code y = w}, 16 values from where the weight says. */
    private static Message giving(Message weight) {
        return model(graph().with(1, node("Identity", "w", "y"))
                .with(5, weight)
                .with(11, value("x", FLOAT, 1))
                .with(12, value("y", FLOAT, 4)));
    }

    private static Message weight() {
        return tensor("w", FLOAT, 4);
    }

    private static HostileModel located(String name, Function<Path, String> location) {
        return new HostileModel(
                name,
                canary -> giving(external(weight(), "location", location.apply(canary)))
                        .bytes(),
                new Fate.Refused(Reason.EXTERNAL_DATA, "weight 'w'"));
    }

    private static HostileModel refused(String name, Message content, String words) {
        return HostileModel.refused(name, content, Reason.EXTERNAL_DATA, words);
    }

    private static Message canary(String name) {
        return external(tensor(name, FLOAT, 4), "location", "../canary.txt");
    }

    private static Message constant() {
        return node("Constant", "", "c").with(5, tensorAttribute("value", canary("c")));
    }

    private static Message body() {
        return graph().with(5, canary("c")).with(12, value("c", FLOAT, 4));
    }

    private static Message holding(String operator, String attribute, Message body) {
        return model(OnnxModels.relu().with(1, node(operator, "x", "z").with(5, graphAttribute(attribute, body))));
    }

    private static Message nested(int levels) {
        Message body = body();
        for (int i = 0; i < levels; i++) {
            body = graph().with(1, node("If", "b", "z").with(5, graphAttribute("then_branch", body)));
        }
        return body;
    }

    static List<HostileModel> models() {
        return Stream.of(paths(), marks(), places()).flatMap(List::stream).toList();
    }

    private static List<HostileModel> paths() {
        return List.of(
                located("external-data-by-path-traversal", canary -> "../" + canary.getFileName()),
                located("external-data-by-hidden-path-traversal", canary -> "weights/../../" + canary.getFileName()),
                located("external-data-by-backslash-traversal", canary -> "..\\" + canary.getFileName()),
                located("external-data-by-absolute-path", Path::toString),
                located("external-data-behind-a-symlink", _ -> "link.bin"),
                located("external-data-behind-a-hardlink", _ -> "hard.bin"),
                located("external-data-through-a-linked-folder", canary -> "folder/" + canary.getFileName()),
                located("external-data-in-proc", _ -> "/proc/self/environ"),
                located("external-data-by-url", canary -> "file://" + canary),
                located("external-data-in-its-own-file", _ -> "model.onnx"));
    }

    private static List<HostileModel> marks() {
        Message address = entry(weight(), "offset", "94738237472768");
        return List.of(
                refused(
                        "address-in-the-runtimes-memory",
                        giving(external(address, "location", "*/_ORT_MEM_ADDR_/*")),
                        "an address in the runtime's memory"),
                refused(
                        "attribute-injection-by-entries",
                        giving(entry(entry(weight(), "__class__", "subprocess.Popen"), "basepath", "/")),
                        "weight 'w'"),
                refused("external-mark-without-location", giving(weight().with(14, 1)), "weight 'w'"),
                refused(
                        "external-entries-without-mark",
                        giving(entry(weight().with(9, new byte[16]), "location", "../canary.txt")),
                        "weight 'w'"),
                refused(
                        "external-mark-beyond-its-numbers",
                        giving(weight().with(9, new byte[16]).with(14, 1L << 32)),
                        "weight 'w'"),
                refused(
                        "external-offset-that-wraps-around",
                        giving(external(entry(weight(), "offset", "18446744073709551600"), "location", "link.bin")),
                        "weight 'w'"));
    }

    private static Message entry(Message tensor, String key, String value) {
        return tensor.with(13, new Message().with(1, key).with(2, value));
    }

    private static List<HostileModel> places() {
        Message function = new Message().with(1, "F").with(10, "own").with(5, "y");
        Message sparse = new Message()
                .with(1, canary("c"))
                .with(2, int64s("i", 0, 1, 2, 3))
                .with(3, 8);
        Message indices = new Message()
                .with(1, tensor("c", FLOAT, 4).with(9, new byte[16]))
                .with(2, external(tensor("i", INT64, 4), "location", "../canary.txt"))
                .with(3, 8);
        return List.of(
                refused("external-sparse-values", model(OnnxModels.relu().with(15, sparse)), "sparse weight 'c'"),
                refused("external-sparse-indices", model(OnnxModels.relu().with(15, indices)), "index of a sparse"),
                refused("external-constant", model(OnnxModels.relu().with(1, constant())), "constant 'c'"),
                refused(
                        "external-sparse-constant",
                        model(OnnxModels.relu()
                                .with(
                                        1,
                                        node("Constant", "", "c")
                                                .with(
                                                        5,
                                                        typed("sparse_value", 11)
                                                                .with(22, sparse)))),
                        "sparse weight"),
                refused(
                        "external-data-in-a-list-of-tensors",
                        model(OnnxModels.relu()
                                .with(
                                        1,
                                        node("Relu", "x", "z")
                                                .with(5, typed("t", 9).with(10, canary("c"))))),
                        "constant 'c'"),
                refused(
                        "external-data-in-a-list-of-graphs",
                        model(OnnxModels.relu()
                                .with(
                                        1,
                                        node("Relu", "x", "z")
                                                .with(5, typed("g", 10).with(11, body())))),
                        "weight 'c'"),
                refused("external-data-in-a-branch", holding("If", "else_branch", body()), "weight 'c'"),
                refused("external-data-in-a-loop", holding("Loop", "body", body()), "weight 'c'"),
                refused("external-data-in-a-scan", holding("Scan", "body", body()), "weight 'c'"),
                refused("external-data-nine-branches-deep", holding("If", "then_branch", nested(9)), "weight 'c'"),
                refused(
                        "external-data-in-a-function",
                        model(
                                OnnxModels.relu(),
                                new Message().raw(function.bytes()).with(7, constant())),
                        "constant 'c'"),
                refused(
                        "external-data-as-a-functions-default",
                        model(
                                OnnxModels.relu(),
                                new Message().raw(function.bytes()).with(11, tensorAttribute("t", canary("c")))),
                        "constant 'c'"),
                refused(
                        "external-data-in-the-training-start",
                        model(OnnxModels.relu()).with(20, new Message().with(1, body())),
                        "weight 'c'"),
                refused(
                        "external-data-in-the-training-step",
                        model(OnnxModels.relu()).with(20, new Message().with(2, body())),
                        "weight 'c'"));
    }
}
