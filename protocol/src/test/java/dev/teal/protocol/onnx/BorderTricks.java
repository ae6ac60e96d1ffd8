package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.OnnxModels.FLOAT;
import static dev.teal.protocol.onnx.OnnxModels.graph;
import static dev.teal.protocol.onnx.OnnxModels.model;
import static dev.teal.protocol.onnx.OnnxModels.node;
import static dev.teal.protocol.onnx.OnnxModels.relu;
import static dev.teal.protocol.onnx.OnnxModels.value;

import dev.teal.protocol.onnx.OnnxRefused.Reason;
import java.util.List;

/** Files whose inputs and outputs would harm who shows or serves them: logs, consoles, clients. */
final class BorderTricks {
    private BorderTricks() {}

    private static HostileModel output(String name, Message output, String words) {
        return HostileModel.refused(name, model(relu().with(12, output)), Reason.TENSOR, words);
    }

    static List<HostileModel> models() {
        Message sequence = new Message().with(1, "s").with(2, new Message().with(4, new Message()));
        return List.of(
                output("name-that-breaks-a-log-line", value("a\n{\"level\":\"INFO\"}", FLOAT, 1), "printable"),
                output("name-that-paints-a-terminal", value("\u001b[2J", FLOAT, 1), "printable"),
                output("name-that-turns-the-text-around", value("a\u202eb", FLOAT, 1), "printable"),
                output("name-with-a-nul", value("a\0b", FLOAT, 1), "printable"),
                output("name-of-nothing", value("", FLOAT, 1), "needs a name"),
                output("name-of-three-hundred-characters", value("y".repeat(300), FLOAT, 1), "needs a name"),
                output("output-of-seventeen-dimensions", value("z", FLOAT, new long[17]), "more than 16 dimensions"),
                output("output-of-a-type-without-a-name", value("z", 14, 1), "ONNX type 14"),
                output("output-that-is-a-sequence", sequence, "is a sequence"),
                output("output-without-a-type", new Message().with(1, "z"), "has no type"),
                HostileModel.refused(
                        "model-without-outputs",
                        model(graph().with(1, node("Relu", "x", "y")).with(11, value("x", FLOAT, 1))),
                        Reason.NOT_A_MODEL,
                        "no outputs"),
                HostileModel.harmless(
                        "dimension-declared-below-zero",
                        model(graph().with(1, node("Relu", "x", "y"))
                                .with(11, negative("x"))
                                .with(12, negative("y")))));
    }

    private static Message negative(String name) {
        Message shape = new Message().with(1, new Message().with(1, -7));
        return new Message()
                .with(1, name)
                .with(2, new Message().with(1, new Message().with(1, FLOAT).with(2, shape)));
    }
}
