package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.HostileModel.refused;
import static dev.teal.protocol.onnx.OnnxModels.attribute;
import static dev.teal.protocol.onnx.OnnxModels.graph;
import static dev.teal.protocol.onnx.OnnxModels.graphAttribute;
import static dev.teal.protocol.onnx.OnnxModels.importing;
import static dev.teal.protocol.onnx.OnnxModels.model;
import static dev.teal.protocol.onnx.OnnxModels.node;
import static dev.teal.protocol.onnx.OnnxModels.relu;

import dev.teal.protocol.onnx.OnnxRefused.Reason;
import java.util.List;
import java.util.stream.Stream;

/** Files that want code to run which is not built in, or built-in code for ever (GHSA-7w46-vvrh-m8q5 of ONNX: functions that call themselves). */
final class OperatorTricks {
    private OperatorTricks() {}

    private static Message using(String operator, String domain) {
        return model(relu().with(1, node(operator, "x", "z").with(7, domain)));
    }

    private static HostileModel foreign(String name, String operator, String domain) {
        return refused(name, importing(using(operator, domain), domain, 1), Reason.OPERATORS, operator);
    }

    private static Message function(String name, Message... nodes) {
        Message function = new Message().with(1, name).with(4, "x").with(5, "y").with(10, "own");
        for (Message node : nodes) {
            function.with(7, node);
        }
        return function.with(9, new Message().with(2, 20))
                .with(9, new Message().with(1, "own").with(2, 1));
    }

    private static Message call(String name) {
        return node(name, "x", "y").with(7, "own");
    }

    static List<HostileModel> models() {
        return Stream.of(code(), functions(), versions()).flatMap(List::stream).toList();
    }

    private static List<HostileModel> code() {
        Message context = node("EPContext", "x", "z")
                .with(7, "com.microsoft")
                .with(5, attribute("embed_mode", 0))
                .with(5, attribute("ep_cache_context", "../canary.txt"));
        return List.of(
                foreign("operator-of-a-custom-library", "Evil", "my.library"),
                foreign("operator-of-training", "Adam", "ai.onnx.training"),
                foreign("operator-of-the-preview", "Adam", "ai.onnx.preview.training"),
                foreign("operator-of-the-optimizers-own-layout", "Conv", "com.microsoft.nchwc"),
                foreign("operator-of-the-runtimes-inside", "Conv", "com.ms.internal.nhwc"),
                foreign("operator-of-another-framework", "ATen", "org.pytorch.aten"),
                foreign("operator-of-python", "PythonOp", "com.microsoft"),
                foreign("operator-with-a-device-library", "Snpe", "com.microsoft"),
                refused("context-that-names-a-file", model(relu().with(1, context)), Reason.OPERATORS, "EPContext"),
                refused(
                        "context-in-the-default-domain",
                        using("EPContext", ""),
                        Reason.OPERATORS,
                        "EPContext names other files"),
                refused(
                        "context-in-a-branch",
                        model(relu().with(
                                        1,
                                        node("If", "b", "z")
                                                .with(5, graphAttribute("then_branch", graph().with(1, context))))),
                        Reason.OPERATORS,
                        "EPContext"),
                refused("context-in-a-function", model(relu(), function("F", context)), Reason.OPERATORS, "EPContext"));
    }

    private static List<HostileModel> functions() {
        Message branch = node("If", "b", "y").with(5, graphAttribute("then_branch", graph().with(1, call("F"))));
        Message relu = new Message().with(1, "Relu").with(4, "x").with(5, "y").with(7, node("Relu", "x", "y"));
        Message[] laughs = new Message[30];
        for (int i = 0; i < laughs.length; i++) {
            laughs[i] = i == 0
                    ? function("F0", node("Relu", "x", "y"))
                    : function("F" + i, call("F" + (i - 1)), call("F" + (i - 1)));
        }
        Message used = relu().with(1, call("F"));
        return List.of(
                refused(
                        "function-that-calls-itself",
                        model(used, function("F", call("F"))),
                        Reason.OPERATORS,
                        "calls itself"),
                refused(
                        "functions-in-a-circle",
                        model(used, function("F", call("G")), function("G", call("H")), function("H", call("F"))),
                        Reason.OPERATORS,
                        "calls itself"),
                refused(
                        "function-that-calls-itself-in-a-branch",
                        model(used, function("F", branch)),
                        Reason.OPERATORS,
                        "calls itself"),
                refused(
                        "function-in-place-of-an-operator-that-it-calls",
                        model(relu(), relu),
                        Reason.OPERATORS,
                        "calls itself"),
                refused(
                        "functions-that-double-thirty-times",
                        model(relu().with(1, call("F29")), laughs),
                        Reason.OVER_A_LIMIT,
                        "when written out"),
                refused(
                        "function-defined-twice",
                        model(used, function("F"), function("F", call("G")), function("G")),
                        Reason.NOT_A_MODEL,
                        "function 'F' twice"));
    }

    private static List<HostileModel> versions() {
        Message future = new Message().with(1, "F").with(10, "own").with(9, new Message().with(2, 99));
        return List.of(
                refused("operators-of-the-future", model(9, 27, relu()), Reason.OPERATORS, "version 27"),
                refused("operators-of-the-past", model(9, 1, relu()), Reason.OPERATORS, "version 1"),
                refused("operators-of-version-zero", model(9, 0, relu()), Reason.NOT_A_MODEL, "version 0"),
                refused("operators-of-a-negative-version", model(9, -7, relu()), Reason.NOT_A_MODEL, "version -7"),
                refused(
                        "operators-of-two-versions",
                        importing(model(relu()), "ai.onnx", 9),
                        Reason.NOT_A_MODEL,
                        "'ai.onnx' twice"),
                refused(
                        "classical-operators-of-the-future",
                        importing(model(relu()), "ai.onnx.ml", 6),
                        Reason.OPERATORS,
                        "version 6"),
                refused("function-of-the-future", model(relu(), future), Reason.OPERATORS, "version 99"),
                refused("format-of-the-future", model(99, 20, relu()), Reason.NOT_A_MODEL, "IR version is 99"));
    }
}
