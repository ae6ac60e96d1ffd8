package dev.teal.protocol.greedy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Writes small ONNX files, of graphs that nobody means well with. Numbers of fields are those of {@code onnx.proto}. */
public final class OnnxFile {
    public static final int FLOAT = 1;
    public static final int INT64 = 7;
    public static final int BOOL = 9;

    private final Message graph = new Message();

    /** @param shape -1 for an open dimension */
    public OnnxFile input(String name, int type, long... shape) {
        graph.add(11, value(name, type, shape));
        return this;
    }

    public OnnxFile output(String name, int type, long... shape) {
        graph.add(12, value(name, type, shape));
        return this;
    }

    public OnnxFile int64s(String name, long[] shape, long... values) {
        ByteBuffer raw = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            raw.putLong(value);
        }
        return initializer(name, INT64, shape, raw.array());
    }

    public OnnxFile bool(String name, boolean value) {
        return initializer(name, BOOL, new long[0], new byte[] {(byte) (value ? 1 : 0)});
    }

    private OnnxFile initializer(String name, int type, long[] shape, byte[] raw) {
        Message tensor = new Message();
        for (long dimension : shape) {
            tensor.add(1, dimension);
        }
        graph.add(5, tensor.add(2, type).add(8, name).add(9, raw));
        return this;
    }

    /** @param names inputs, then {@code ->}, then outputs, with spaces between */
    public OnnxFile node(String operator, String names) {
        return node(operator, names, (Message) null);
    }

    /** @param value of its one attribute */
    public OnnxFile node(String operator, String names, String attribute, long value) {
        return node(
                operator, names, new Message().add(1, attribute).add(3, value).add(20, 2));
    }

    public OnnxFile node(String operator, String names, String attribute, Consumer<OnnxFile> subgraph) {
        OnnxFile body = new OnnxFile();
        subgraph.accept(body);
        body.graph.add(2, attribute);
        return node(
                operator,
                names,
                new Message().add(1, attribute).add(6, body.graph).add(20, 5));
    }

    private OnnxFile node(String operator, String names, Message attribute) {
        Message node = new Message();
        int field = 1;
        for (String name : names.split(" ")) {
            if (name.equals("->")) {
                field = 2;
            } else {
                node.add(field, name);
            }
        }
        node.add(4, operator);
        if (attribute != null) {
            node.add(5, attribute);
        }
        graph.add(1, node);
        return this;
    }

    public byte[] bytes() {
        graph.add(2, "graph");
        return new Message()
                .add(1, 8)
                .add(7, graph)
                .add(8, new Message().add(2, 17))
                .bytes();
    }

    private static Message value(String name, int type, long... shape) {
        Message dimensions = new Message();
        for (long dimension : shape) {
            dimensions.add(1, dimension < 0 ? new Message() : new Message().add(1, dimension));
        }
        Message tensor = new Message().add(1, type).add(2, dimensions);
        return new Message().add(1, name).add(2, new Message().add(1, tensor));
    }

    private static final class Message {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Message add(int field, long number) {
            varint((long) field << 3);
            varint(number);
            return this;
        }

        Message add(int field, String text) {
            return add(field, text.getBytes(StandardCharsets.UTF_8));
        }

        Message add(int field, Message message) {
            return add(field, message.bytes());
        }

        Message add(int field, byte[] value) {
            varint((long) field << 3 | 2);
            varint(value.length);
            bytes.writeBytes(value);
            return this;
        }

        private void varint(long value) {
            long left = value;
            while ((left & ~0x7fL) != 0) {
                bytes.write((int) (left & 0x7f | 0x80));
                left >>>= 7;
            }
            bytes.write((int) left);
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }
}
