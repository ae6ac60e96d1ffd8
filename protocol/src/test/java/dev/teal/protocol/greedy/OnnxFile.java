package dev.teal.protocol.greedy;

import dev.teal.protocol.wire.WireWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/** Writes small ONNX files, of graphs that nobody means well with. Numbers of fields are those of {@code onnx.proto}. */
public final class OnnxFile {
    public static final int FLOAT = 1;
    public static final int INT64 = 7;
    public static final int BOOL = 9;

    private final WireWriter graph = new WireWriter();

    /** @param shape -1 for an open dimension */
    public OnnxFile input(String name, int type, long... shape) {
        graph.put(11, value(name, type, shape));
        return this;
    }

    public OnnxFile output(String name, int type, long... shape) {
        graph.put(12, value(name, type, shape));
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
        WireWriter tensor = new WireWriter();
        for (long dimension : shape) {
            tensor.put(1, dimension);
        }
        graph.put(5, tensor.put(2, type).put(8, name).put(9, raw));
        return this;
    }

    /** @param names inputs, then {@code ->}, then outputs, with spaces between */
    public OnnxFile node(String operator, String names) {
        return node(operator, names, (WireWriter) null);
    }

    /** @param value of its one attribute */
    public OnnxFile node(String operator, String names, String attribute, long value) {
        return node(
                operator,
                names,
                new WireWriter().put(1, attribute).put(3, value).put(20, 2));
    }

    public OnnxFile node(String operator, String names, String attribute, Consumer<OnnxFile> subgraph) {
        OnnxFile body = new OnnxFile();
        subgraph.accept(body);
        body.graph.put(2, attribute);
        return node(
                operator,
                names,
                new WireWriter().put(1, attribute).put(6, body.graph).put(20, 5));
    }

    private OnnxFile node(String operator, String names, WireWriter attribute) {
        WireWriter node = new WireWriter();
        int field = 1;
        for (String name : names.split(" ")) {
            if (name.equals("->")) {
                field = 2;
            } else {
                node.put(field, name);
            }
        }
        node.put(4, operator);
        if (attribute != null) {
            node.put(5, attribute);
        }
        graph.put(1, node);
        return this;
    }

    public byte[] bytes() {
        graph.put(2, "graph");
        return new WireWriter()
                .put(1, 8)
                .put(7, graph)
                .put(8, new WireWriter().put(2, 17))
                .toByteArray();
    }

    private static WireWriter value(String name, int type, long... shape) {
        WireWriter dimensions = new WireWriter();
        for (long dimension : shape) {
            dimensions.put(1, dimension < 0 ? new WireWriter() : new WireWriter().put(1, dimension));
        }
        WireWriter tensor = new WireWriter().put(1, type).put(2, dimensions);
        return new WireWriter().put(1, name).put(2, new WireWriter().put(1, tensor));
    }
}
