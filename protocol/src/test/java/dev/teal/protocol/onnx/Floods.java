package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.OnnxModels.FLOAT;
import static dev.teal.protocol.onnx.OnnxModels.graph;
import static dev.teal.protocol.onnx.OnnxModels.graphAttribute;
import static dev.teal.protocol.onnx.OnnxModels.model;
import static dev.teal.protocol.onnx.OnnxModels.node;
import static dev.teal.protocol.onnx.OnnxModels.relu;

import dev.teal.protocol.onnx.OnnxRefused.Reason;
import java.util.List;

/** Files that want memory and time by being much: two bytes of a file become hundreds in a reader's memory. */
final class Floods {
    private Floods() {}

    private static HostileModel refused(String name, Message content, String words) {
        return HostileModel.refused(name, content, Reason.OVER_A_LIMIT, words);
    }

    /** The same field again and again. */
    private static byte[] times(int times, Message field) {
        byte[] one = field.bytes();
        byte[] all = new byte[one.length * times];
        for (int i = 0; i < times; i++) {
            System.arraycopy(one, 0, all, i * one.length, one.length);
        }
        return all;
    }

    private static Message flooded(int times, Message field) {
        return model(relu().raw(times(times, field)));
    }

    private static Message inNode(int times, Message field) {
        return model(relu().with(1, node("Relu", "x", "z").raw(times(times, field))));
    }

    static List<HostileModel> models() {
        Message deepGraphs = graph();
        Message deepTypes = new Message().with(1, new Message().with(1, FLOAT));
        for (int i = 0; i < 200; i++) {
            deepGraphs = graph().with(1, node("If", "b", "z").with(5, graphAttribute("then_branch", deepGraphs)));
            deepTypes = new Message().with(4, new Message().with(1, deepTypes));
        }
        Message empty = new Message();
        Message tensor = new Message().with(1, 0).with(2, FLOAT);
        return List.of(
                refused("a-million-nodes", flooded(1_000_000, new Message().with(1, empty)), "500000 nodes"),
                refused("millions-of-attributes", inNode(2_100_000, new Message().with(5, empty)), "attributes"),
                refused("millions-of-names-of-one-node", inNode(4_100_000, new Message().with(1, "")), "strings"),
                refused(
                        "a-million-weights",
                        model(relu().with(
                                        1,
                                        new Message()
                                                .with(4, "Relu")
                                                .with(
                                                        5,
                                                        new Message()
                                                                .raw(times(600_000, new Message().with(10, tensor)))))),
                        "weights and constants"),
                refused(
                        "millions-of-texts",
                        model(relu().with(
                                        5,
                                        OnnxModels.tensor("w", OnnxModels.STRING, 5_000_000)
                                                .raw(times(5_000_000, new Message().with(6, ""))))),
                        "strings"),
                refused("a-million-values", flooded(1_100_000, new Message().with(13, empty)), "values with a type"),
                refused(
                        "a-million-branches",
                        inNode(
                                1,
                                new Message()
                                        .with(5, new Message().raw(times(200_000, new Message().with(11, empty))))),
                        "graphs"),
                refused("thousands-of-functions", model(relu()).raw(functions(1_100)), "functions"),
                refused(
                        "thousands-of-inputs",
                        model(graph().with(1, node("Relu", "x0", "y"))
                                .raw(inputs(1_100))
                                .with(12, OnnxModels.value("y", FLOAT, 1))),
                        "1000 inputs"),
                refused(
                        "name-of-five-thousand-bytes",
                        model(relu().with(1, new Message().with(4, "x".repeat(5_000)))),
                        "4096 bytes"),
                refused(
                        "name-of-eight-mebibytes",
                        model(relu().with(1, new Message().with(3, "x".repeat(8 << 20)))),
                        "4096 bytes"),
                refused("graphs-two-hundred-deep", model(deepGraphs), "64 deep"),
                refused("types-two-hundred-deep", model(relu().with(13, new Message().with(2, deepTypes))), "64 deep"));
    }

    private static byte[] functions(int count) {
        Message functions = new Message();
        for (int i = 0; i < count; i++) {
            functions.with(25, new Message().with(1, "F" + i).with(10, "own"));
        }
        return functions.bytes();
    }

    private static byte[] inputs(int count) {
        Message inputs = new Message();
        for (int i = 0; i < count; i++) {
            inputs.with(11, OnnxModels.value("x" + i, FLOAT, 1));
        }
        return inputs.bytes();
    }
}
