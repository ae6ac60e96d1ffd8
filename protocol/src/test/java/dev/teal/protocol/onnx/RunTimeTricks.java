package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.HostileModel.contained;
import static dev.teal.protocol.onnx.OnnxModels.FLOAT;
import static dev.teal.protocol.onnx.OnnxModels.INT64;
import static dev.teal.protocol.onnx.OnnxModels.STRING;
import static dev.teal.protocol.onnx.OnnxModels.attribute;
import static dev.teal.protocol.onnx.OnnxModels.floats;
import static dev.teal.protocol.onnx.OnnxModels.graph;
import static dev.teal.protocol.onnx.OnnxModels.int64s;
import static dev.teal.protocol.onnx.OnnxModels.model;
import static dev.teal.protocol.onnx.OnnxModels.node;
import static dev.teal.protocol.onnx.OnnxModels.tensor;
import static dev.teal.protocol.onnx.OnnxModels.typed;
import static dev.teal.protocol.onnx.OnnxModels.value;

import dev.teal.protocol.onnx.HostileModel.Ending;
import java.util.List;

/** Files in which nodes are wired or given numbers that make an operator reach beyond its memory, or divide by zero. */
final class RunTimeTricks {
    private RunTimeTricks() {}

    /** From {@code x} FP32 [1] to {@code y} FP32 of one open dimension. */
    private static Message floatGraph(Message... nodes) {
        Message graph = graph().with(11, value("x", FLOAT, 1)).with(12, value("y", FLOAT, -1));
        for (Message node : nodes) {
            graph.with(1, node);
        }
        return graph;
    }

    private static Message integers(Message node) {
        return graph().with(1, node).with(11, value("n", INT64, 1)).with(12, value("y", INT64, -1));
    }

    private static Message square(Message node) {
        return floatGraph(node("Reshape", "x,square", "s"), node, node("Reshape", "t,flat", "y"))
                .with(5, int64s("square", 1, 1, 1, 1))
                .with(5, int64s("flat", -1));
    }

    static List<HostileModel> models() {
        Message far = new Message()
                .with(1, tensor("s", FLOAT, 1).with(9, new byte[4]))
                .with(2, int64s("i", 1L << 40))
                .with(3, 8);
        Message below = new Message()
                .with(1, tensor("s", FLOAT, 1).with(9, new byte[4]))
                .with(2, int64s("i", -1024))
                .with(3, 8);
        Message tree = node("TreeEnsembleRegressor", "x2", "t")
                .with(7, "ai.onnx.ml")
                .with(5, attribute("n_targets", 1))
                .with(
                        5,
                        typed("nodes_modes", 8)
                                .with(9, "BRANCH_LEQ")
                                .with(9, "LEAF")
                                .with(9, "LEAF"))
                .with(
                        5,
                        typed("nodes_values", 6)
                                .withFloat(7, 1f)
                                .withFloat(7, 0f)
                                .withFloat(7, 0f))
                .with(5, typed("target_weights", 6).withFloat(7, 1f).withFloat(7, 2f));
        Bombs.ints(tree, "nodes_treeids", 0, 0, 0);
        Bombs.ints(tree, "nodes_nodeids", 0, 1, 2);
        Bombs.ints(tree, "nodes_featureids", 1 << 30, 0, 0);
        Bombs.ints(tree, "nodes_truenodeids", 1, 0, 0);
        Bombs.ints(tree, "nodes_falsenodeids", 2, 0, 0);
        Bombs.ints(tree, "target_treeids", 0, 0);
        Bombs.ints(tree, "target_nodeids", 1, 2);
        Bombs.ints(tree, "target_ids", 0, 0);
        Message encoder = node("LabelEncoder", "n", "y").with(7, "ai.onnx.ml");
        Bombs.ints(encoder, "keys_int64s", 0, 1, 2, 3);
        Bombs.ints(encoder, "values_int64s", 0);
        return List.of(
                contained(
                        "nodes-in-a-circle",
                        Ending.NOT_LOADED,
                        model(floatGraph(node("Add", "x,b", "a"), node("Relu", "a", "b"), node("Relu", "b", "y")))),
                contained("node-that-feeds-itself", Ending.NOT_LOADED, model(floatGraph(node("Add", "x,y", "y")))),
                contained("node-without-its-input", Ending.NOT_LOADED, model(floatGraph(node("Relu", "nowhere", "y")))),
                contained(
                        "two-nodes-with-one-output",
                        Ending.NOT_LOADED,
                        model(floatGraph(node("Relu", "x", "y"), node("Neg", "x", "y")))),
                contained("operator-that-does-not-exist", Ending.NOT_LOADED, model(floatGraph(node("Relo", "x", "y")))),
                contained("output-of-another-type", Ending.NOT_LOADED, model(floatGraph(node("Shape", "x", "y")))),
                contained(
                        "sparse-index-beyond-its-shape",
                        Ending.NOT_LOADED,
                        model(floatGraph(node("Add", "x,s", "y")).with(15, far))),
                contained(
                        "sparse-index-below-zero",
                        Ending.NOT_LOADED,
                        model(floatGraph(node("Add", "x,s", "y")).with(15, below))),
                contained(
                        "integer-divided-by-zero",
                        Ending.REQUESTS_FAIL,
                        model(integers(node("Div", "one,n", "y")).with(5, int64s("one", 1)))),
                contained(
                        "integer-modulo-zero",
                        Ending.REQUESTS_FAIL,
                        model(integers(node("Mod", "one,n", "y")).with(5, int64s("one", 1)))),
                contained(
                        "least-integer-divided-by-minus-one",
                        Ending.DIES,
                        model(integers(node("Add", "n,minus", "m"))
                                .with(1, node("Div", "least,m", "y"))
                                .with(5, int64s("minus", -1))
                                .with(5, int64s("least", Long.MIN_VALUE)))),
                contained(
                        "gather-beyond-its-data",
                        Ending.REQUESTS_FAIL,
                        model(floatGraph(node("Gather", "x,i", "y")).with(5, int64s("i", 1L << 40)))),
                contained(
                        "scatter-beyond-its-data",
                        Ending.REQUESTS_FAIL,
                        model(floatGraph(node("ScatterElements", "x,i,w", "y"))
                                .with(5, int64s("i", 1L << 40))
                                .with(5, floats("w", 1f)))),
                contained(
                        "unpooling-beyond-its-output",
                        Ending.REQUESTS_FAIL,
                        model(square(Bombs.ints(node("MaxUnpool", "s,i", "t"), "kernel_shape", 1, 1))
                                .with(5, tensor("i", INT64, 1, 1, 1, 1).with(7, new Message().varint(1L << 40))))),
                contained(
                        "unpooling-before-its-output",
                        Ending.REQUESTS_FAIL,
                        model(square(Bombs.ints(node("MaxUnpool", "s,i", "t"), "kernel_shape", 1, 1))
                                .with(5, tensor("i", INT64, 1, 1, 1, 1).with(7, new Message().varint(-4096))))),
                contained(
                        "pooling-with-steps-of-zero",
                        Ending.NOT_LOADED,
                        model(square(Bombs.ints(
                                Bombs.ints(node("MaxPool", "s", "t"), "kernel_shape", 1, 1), "strides", 0, 0)))),
                contained(
                        "blocks-of-size-zero",
                        Ending.NOT_LOADED,
                        model(square(node("SpaceToDepth", "s", "t").with(5, attribute("blocksize", 0))))),
                contained(
                        "pad-below-nothing",
                        Ending.REQUESTS_FAIL,
                        model(floatGraph(node("Pad", "x,p", "y")).with(5, int64s("p", -5, -5)))),
                contained(
                        "tile-below-zero",
                        Ending.REQUESTS_FAIL,
                        model(floatGraph(node("Tile", "x,r", "y")).with(5, int64s("r", -3)))),
                contained(
                        "reshape-to-another-size",
                        Ending.REQUESTS_FAIL,
                        model(floatGraph(node("Reshape", "x,r", "y")).with(5, int64s("r", 1 << 20)))),
                contained(
                        "convolution-with-a-missing-dimension",
                        Ending.NOT_LOADED,
                        model(square(node("Conv", "s,w", "t")).with(5, floats("w", 1f)))),
                contained(
                        "recurrence-of-a-huge-state",
                        Ending.NOT_LOADED,
                        model(floatGraph(
                                        node("Reshape", "x,seq", "s"),
                                        node("GRU", "s,w,r", "t").with(5, attribute("hidden_size", 1L << 40)),
                                        node("Reshape", "t,flat", "y"))
                                .with(5, int64s("seq", 1, 1, 1))
                                .with(5, int64s("flat", -1))
                                .with(5, tensor("w", FLOAT, 1, 3, 1).with(9, new byte[12]))
                                .with(5, tensor("r", FLOAT, 1, 3, 1).with(9, new byte[12])))),
                contained(
                        "tree-that-reads-beyond-its-features",
                        Ending.REQUESTS_FAIL,
                        OnnxModels.importing(
                                model(floatGraph(node("Reshape", "x,row", "x2"), tree, node("Reshape", "t,flat", "y"))
                                        .with(5, int64s("row", 1, 1))
                                        .with(5, int64s("flat", -1))),
                                "ai.onnx.ml",
                                3)),
                contained(
                        "encoder-with-fewer-values-than-keys",
                        Ending.NOT_LOADED,
                        OnnxModels.importing(model(integers(encoder)), "ai.onnx.ml", 3)),
                HostileModel.harmless(
                        "split-with-the-least-limit",
                        model(graph().with(
                                        1,
                                        node("StringSplit", "x", "y,k").with(5, attribute("maxsplit", Long.MIN_VALUE)))
                                .with(11, value("x", STRING, 1))
                                .with(12, value("y", STRING, -1))
                                .with(12, value("k", INT64, -1)))));
    }
}
