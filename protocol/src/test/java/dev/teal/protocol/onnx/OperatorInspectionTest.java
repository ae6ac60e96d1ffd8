package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.Inspected.assertRefused;
import static dev.teal.protocol.onnx.Inspected.graph;
import static dev.teal.protocol.onnx.Inspected.read;
import static dev.teal.protocol.onnx.OnnxModels.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.onnx.OnnxRefused.Reason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperatorInspectionTest {
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
}
