package dev.teal.protocol.onnx;

import dev.teal.protocol.oip.TensorSpec;
import dev.teal.protocol.onnx.OnnxRefused.Reason;
import dev.teal.protocol.onnx.ValueReader.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a graph declares at its border. */
final class GraphTensors {
    private static final int MOST = 1_000;
    /** Old files list their weights among the inputs, too. */
    private static final int MOST_WITH_WEIGHTS = 100_000;

    private final List<Value> inputs = new ArrayList<>();
    private final List<Value> outputs = new ArrayList<>();
    private final Set<String> initializers = new HashSet<>();

    void input(Value value) {
        requireAtMost(MOST_WITH_WEIGHTS, inputs.size(), "inputs");
        inputs.add(value);
    }

    void output(Value value) {
        requireAtMost(MOST, outputs.size(), "outputs");
        outputs.add(value);
    }

    void initializer(String name) {
        if (!initializers.add(name)) {
            throw OnnxRefused.notAModel("it has the weight '" + Printable.of(name) + "' twice");
        }
    }

    /** Without those that have a weight: nobody is asked for them. */
    List<TensorSpec> specsOfInputs() {
        List<Value> asked = inputs.stream()
                .filter(value -> !initializers.contains(value.name()))
                .toList();
        requireAtMost(MOST, asked.size() - 1, "inputs");
        return specs(asked);
    }

    List<TensorSpec> specsOfOutputs() {
        if (outputs.isEmpty()) {
            throw OnnxRefused.notAModel("it has no outputs");
        }
        return specs(outputs);
    }

    private static void requireAtMost(int most, int before, String what) {
        if (before >= most) {
            throw OnnxRefused.overLimit("it has more than " + most + " " + what);
        }
    }

    private static List<TensorSpec> specs(List<Value> values) {
        Set<String> names = new HashSet<>();
        List<TensorSpec> specs = new ArrayList<>();
        for (Value value : values) {
            var datatype = value.datatype();
            if (value.problem().isPresent() || datatype == null) {
                throw unserved(value, value.problem().orElse("has no type"));
            }
            if (!names.add(value.name())) {
                throw unserved(value, "is declared twice");
            }
            specs.add(new TensorSpec(value.name(), datatype, value.shape()));
        }
        return specs;
    }

    private static OnnxRefused unserved(Value value, String problem) {
        return new OnnxRefused(Reason.TENSOR, "'" + Printable.of(value.name()) + "' " + problem);
    }
}
