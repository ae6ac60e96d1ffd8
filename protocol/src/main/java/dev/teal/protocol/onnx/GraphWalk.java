package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.WireReader.once;

import dev.teal.protocol.onnx.Census.Part;
import dev.teal.protocol.wire.WireType;
import java.util.HashSet;
import java.util.Set;

/** Graphs with their nodes and attributes, and the graphs in those. */
final class GraphWalk {
    private static final long GRAPH_ONCE = once(2, 10);
    private static final long NODE_ONCE = once(3, 4, 6, 7, 8);
    private static final long ATTRIBUTE_ONCE = once(1, 2, 3, 4, 5, 6, 13, 14, 20, 21, 22);

    private final WireReader in;
    private final Census census;
    private final Operators operators;
    private final TensorWalk tensors;
    private final ValueReader values;

    GraphWalk(WireReader in, Census census, Operators operators) {
        this.in = in;
        this.census = census;
        this.operators = operators;
        this.tensors = new TensorWalk(in, census);
        this.values = new ValueReader(in, census);
    }

    GraphTensors graph(int wireType, Operators.Caller caller) {
        census.count(Part.GRAPHS);
        GraphTensors border = new GraphTensors();
        in.message(wireType, GRAPH_ONCE, (field, type) -> {
            switch (field) {
                case 1 -> node(type, caller);
                case 2 -> in.name(type);
                case 5 -> border.initializer(tensors.tensor(type, "weight"));
                case 11 -> border.input(values.value(type));
                case 12 -> border.output(values.value(type));
                case 13 -> values.value(type);
                case 15 -> border.initializer(tensors.sparse(type));
                case 10, 14, 16 -> in.bytes(type);
                default -> in.skip(type);
            }
        });
        return border;
    }

    void node(int wireType, Operators.Caller caller) {
        census.count(Part.NODES);
        String[] names = {"", "", ""};
        Set<String> attributes = new HashSet<>();
        in.message(wireType, NODE_ONCE, (field, type) -> {
            switch (field) {
                case 1, 2 -> {
                    census.count(Part.STRINGS);
                    in.name(type);
                }
                case 3 -> in.name(type);
                case 4 -> names[0] = in.text(type);
                case 7 -> names[1] = in.text(type);
                case 8 -> names[2] = in.text(type);
                case 5 -> {
                    String name = attribute(type, caller);
                    if (!name.isEmpty() && !attributes.add(name)) {
                        throw OnnxRefused.notAModel("a node has the attribute '" + Printable.of(name) + "' twice");
                    }
                }
                case 6, 9, 10 -> in.bytes(type);
                default -> in.skip(type);
            }
        });
        operators.used(new Operators.Operator(names[1], names[0], names[2]), caller);
    }

    /** @return its name */
    String attribute(int wireType, Operators.Caller caller) {
        census.count(Part.ATTRIBUTES);
        String[] name = {""};
        in.message(wireType, ATTRIBUTE_ONCE, (field, type) -> {
            switch (field) {
                case 1 -> name[0] = in.text(type);
                case 2 -> in.fixed32(type);
                case 3, 20 -> in.number(type);
                case 4, 13 -> in.bytes(type);
                case 5, 10 -> tensors.tensor(type, "constant");
                case 6, 11 -> graph(type, caller);
                case 7 -> in.fixedNumbers(type, WireType.FIXED32);
                case 8 -> in.numbers(type, _ -> {});
                case 9 -> {
                    census.count(Part.STRINGS);
                    in.bytes(type);
                }
                case 14, 15 -> values.type(type);
                case 21 -> in.name(type);
                case 22, 23 -> tensors.sparse(type);
                default -> in.skip(type);
            }
        });
        return name[0];
    }
}
