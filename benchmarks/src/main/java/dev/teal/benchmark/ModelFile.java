package dev.teal.benchmark;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Writes an ONNX file, a {@code ModelProto}, of FP32 tensors: the little of the format that the models here take. */
final class ModelFile {
    private static final int IR_VERSION = 8;
    static final int OPSET = 17;
    private static final int FLOAT = 1;
    private static final int INTS = 7;

    private final Protobuf graph = new Protobuf();

    ModelFile node(String operator, List<String> inputs, String output) {
        return node(operator, inputs, output, new Protobuf());
    }

    /** @param name of an attribute that is a list of integers */
    ModelFile node(String operator, List<String> inputs, String output, String name, long... values) {
        Protobuf attribute = new Protobuf().add(1, name).add(20, INTS);
        for (long value : values) {
            attribute.add(8, value);
        }
        return node(operator, inputs, output, new Protobuf().add(5, attribute));
    }

    private ModelFile node(String operator, List<String> inputs, String output, Protobuf attributes) {
        Protobuf node = new Protobuf();
        inputs.forEach(input -> node.add(1, input));
        graph.add(1, node.add(2, output).add(4, operator).append(attributes));
        return this;
    }

    ModelFile weights(String name, float[] values, long... shape) {
        Protobuf tensor = new Protobuf();
        for (long dimension : shape) {
            tensor.add(1, dimension);
        }
        ByteBuffer raw = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        graph.add(5, tensor.add(2, FLOAT).add(8, name).add(9, raw.array()));
        return this;
    }

    byte[] bytes(ModelSignature signature) {
        graph.add(2, "benchmark");
        signature.inputs().forEach(input -> graph.add(11, value(input)));
        signature.outputs().forEach(output -> graph.add(12, value(output)));
        return new Protobuf()
                .add(1, IR_VERSION)
                .add(7, graph)
                .add(8, new Protobuf().add(2, OPSET))
                .bytes();
    }

    private static Protobuf value(TensorSpec spec) {
        if (spec.datatype() != Datatype.FP32) {
            throw new IllegalArgumentException("only FP32 is written here, got " + spec);
        }
        Protobuf shape = new Protobuf();
        for (int i = 0; i < spec.shape().size(); i++) {
            long dimension = spec.shape().get(i);
            shape.add(1, dimension < 0 ? new Protobuf().add(2, "d" + i) : new Protobuf().add(1, dimension));
        }
        Protobuf type = new Protobuf().add(1, FLOAT).add(2, shape);
        return new Protobuf().add(1, spec.name()).add(2, new Protobuf().add(1, type));
    }
}
