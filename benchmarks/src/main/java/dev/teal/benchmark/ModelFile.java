package dev.teal.benchmark;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.protocol.wire.WireWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Writes an ONNX file, a {@code ModelProto}, of FP32 tensors: the little of the format that the models here take. */
final class ModelFile {
    private static final int IR_VERSION = 8;
    static final int OPSET = 17;
    private static final int FLOAT = 1;
    private static final int INTS = 7;

    private final WireWriter graph = new WireWriter();

    ModelFile node(String operator, List<String> inputs, String output) {
        return node(operator, inputs, output, new WireWriter());
    }

    /** @param name of an attribute that is a list of integers */
    ModelFile node(String operator, List<String> inputs, String output, String name, long... values) {
        WireWriter attribute = new WireWriter().put(1, name).put(20, INTS);
        for (long value : values) {
            attribute.put(8, value);
        }
        return node(operator, inputs, output, new WireWriter().put(5, attribute));
    }

    private ModelFile node(String operator, List<String> inputs, String output, WireWriter attributes) {
        WireWriter node = new WireWriter();
        inputs.forEach(input -> node.put(1, input));
        graph.put(1, node.put(2, output).put(4, operator).raw(attributes.toByteArray()));
        return this;
    }

    ModelFile weights(String name, float[] values, long... shape) {
        WireWriter tensor = new WireWriter();
        for (long dimension : shape) {
            tensor.put(1, dimension);
        }
        ByteBuffer raw = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        graph.put(5, tensor.put(2, FLOAT).put(8, name).put(9, raw.array()));
        return this;
    }

    byte[] bytes(ModelSignature signature) {
        graph.put(2, "benchmark");
        signature.inputs().forEach(input -> graph.put(11, value(input)));
        signature.outputs().forEach(output -> graph.put(12, value(output)));
        return new WireWriter()
                .put(1, IR_VERSION)
                .put(7, graph)
                .put(8, new WireWriter().put(2, OPSET))
                .toByteArray();
    }

    private static WireWriter value(TensorSpec spec) {
        if (spec.datatype() != Datatype.FP32) {
            throw new IllegalArgumentException("only FP32 is written here, got " + spec);
        }
        WireWriter shape = new WireWriter();
        for (int i = 0; i < spec.shape().size(); i++) {
            long dimension = spec.shape().get(i);
            shape.put(1, dimension < 0 ? new WireWriter().put(2, "d" + i) : new WireWriter().put(1, dimension));
        }
        WireWriter type = new WireWriter().put(1, FLOAT).put(2, shape);
        return new WireWriter().put(1, spec.name()).put(2, new WireWriter().put(1, type));
    }
}
