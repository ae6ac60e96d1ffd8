package dev.teal.protocol.onnx;

import java.nio.charset.StandardCharsets;
import java.util.stream.LongStream;

/** Parts of ONNX models, by the field numbers of onnx.proto. */
public final class OnnxModels {
    public static final int FLOAT = 1;
    public static final int INT64 = 7;
    public static final int STRING = 8;
    public static final int BOOL = 9;

    private OnnxModels() {}

    /** An input or output; a size below zero is left open. */
    public static Message value(String name, long datatype, long... shape) {
        Message dimensions = new Message();
        for (long size : shape) {
            dimensions.with(1, size < 0 ? new Message().with(2, "n") : new Message().with(1, size));
        }
        return new Message()
                .with(1, name)
                .with(2, new Message().with(1, new Message().with(1, datatype).with(2, dimensions)));
    }

    /** A node of the default domain. */
    public static Message node(String operator, String input, String output) {
        Message node = new Message();
        for (String name : input.split(",")) {
            if (!name.isEmpty()) {
                node.with(1, name.equals("-") ? "" : name);
            }
        }
        for (String name : output.split(",")) {
            node.with(2, name);
        }
        return node.with(4, operator);
    }

    /** {@code AttributeProto} without its value, of a type by its number (1 float, 2 int, 3 string, 4 tensor, 5 graph, 7 ints). */
    public static Message typed(String name, int type) {
        return new Message().with(1, name).with(20, type);
    }

    public static Message attribute(String name, long value) {
        return typed(name, 2).with(3, value);
    }

    public static Message attribute(String name, String value) {
        return typed(name, 3).with(4, value);
    }

    public static Message tensorAttribute(String name, Message tensor) {
        return typed(name, 4).with(5, tensor);
    }

    public static Message graphAttribute(String name, Message graph) {
        return typed(name, 5).with(6, graph);
    }

    /** A weight of this name, type and shape, without its values. */
    public static Message tensor(String name, int datatype, long... shape) {
        Message tensor = new Message();
        for (long size : shape) {
            tensor.with(1, size);
        }
        return tensor.with(2, datatype).with(8, name);
    }

    public static Message int64s(String name, long... values) {
        Message packed = new Message();
        LongStream.of(values).forEach(packed::varint);
        return tensor(name, INT64, values.length).with(7, packed);
    }

    public static Message floats(String name, float... values) {
        Message tensor = tensor(name, FLOAT, values.length);
        for (float value : values) {
            tensor.withFloat(4, value);
        }
        return tensor;
    }

    /** Named data outside of the file. */
    public static Message external(Message tensor, String key, String value) {
        return tensor.with(13, new Message().with(1, key).with(2, value)).with(14, 1);
    }

    public static Message graph() {
        return new Message().with(2, "g");
    }

    /** Relu from {@code x [2, -1]} to {@code y [2, -1]}, both FP32. */
    public static Message relu() {
        return graph().with(1, node("Relu", "x", "y"))
                .with(11, value("x", FLOAT, 2, -1))
                .with(12, value("y", FLOAT, 2, -1));
    }

    public static Message model(Message graph, Message... functions) {
        return model(9, 20, graph, functions);
    }

    public static Message model(int ir, int opset, Message graph, Message... functions) {
        Message model =
                new Message().with(1, ir).with(8, new Message().with(2, opset)).with(7, graph);
        for (Message function : functions) {
            model.with(25, function);
        }
        return model;
    }

    public static Message importing(Message model, String domain, long version) {
        return model.with(8, new Message().with(1, domain).with(2, version));
    }

    public static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
