package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.HostileModel.contained;
import static dev.teal.protocol.onnx.OnnxModels.BOOL;
import static dev.teal.protocol.onnx.OnnxModels.FLOAT;
import static dev.teal.protocol.onnx.OnnxModels.INT64;
import static dev.teal.protocol.onnx.OnnxModels.STRING;
import static dev.teal.protocol.onnx.OnnxModels.attribute;
import static dev.teal.protocol.onnx.OnnxModels.graph;
import static dev.teal.protocol.onnx.OnnxModels.graphAttribute;
import static dev.teal.protocol.onnx.OnnxModels.int64s;
import static dev.teal.protocol.onnx.OnnxModels.model;
import static dev.teal.protocol.onnx.OnnxModels.node;
import static dev.teal.protocol.onnx.OnnxModels.tensor;
import static dev.teal.protocol.onnx.OnnxModels.typed;
import static dev.teal.protocol.onnx.OnnxModels.value;

import dev.teal.protocol.onnx.HostileModel.Ending;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files in which every byte is as it should be, and that take all memory or all time once they run. Sizes depend on an input where it says so,
 * so that no optimizer meets them before.
 */
final class Bombs {
    /** 64 GiB of floats. */
    private static final long HUGE = 1L << 34;

    private Bombs() {}

    static List<HostileModel> models() {
        return Stream.of(memory(), time(), RunTimeTricks.models())
                .flatMap(List::stream)
                .toList();
    }

    /** From {@code n}, INT64 of shape [1], always 0 in a synthetic request, to {@code y} of FP32. */
    private static Message sized(long size, Message... nodes) {
        Message graph = graph().with(1, node("Add", "n,huge", "size"));
        for (Message node : nodes) {
            graph.with(1, node);
        }
        return graph.with(5, int64s("huge", size))
                .with(5, OnnxModels.floats("one", 1f))
                .with(11, value("n", INT64, 1))
                .with(12, value("y", FLOAT, -1));
    }

    private static Message scalar(String name, long value) {
        return tensor(name, INT64).with(7, new Message().varint(value));
    }

    private static List<HostileModel> memory() {
        Message fixed = graph().with(1, node("ConstantOfShape", "huge", "y"))
                .with(5, int64s("huge", HUGE))
                .with(11, value("n", INT64, 1))
                .with(12, value("y", FLOAT, -1));
        Message doubled = graph();
        for (int i = 0; i < 40; i++) {
            doubled.with(
                    1,
                    node("Concat", "x" + i + ",x" + i, i == 39 ? "y" : "x" + (i + 1))
                            .with(5, attribute("axis", 0)));
        }
        Message range = graph().with(1, node("Squeeze", "n", "zero"))
                .with(1, node("Add", "zero,huge", "limit"))
                .with(1, node("Range", "from,limit,step", "y"))
                .with(5, scalar("from", 0))
                .with(5, scalar("step", 1))
                .with(5, scalar("huge", HUGE))
                .with(11, value("n", INT64, 1))
                .with(12, value("y", INT64, -1));
        return List.of(
                contained("constant-of-shape-bomb-at-load", Ending.OVER_A_LIMIT, model(fixed)),
                contained(
                        "constant-of-shape-bomb",
                        Ending.OVER_A_LIMIT,
                        model(sized(HUGE, node("ConstantOfShape", "size", "y")))),
                contained("expand-bomb", Ending.OVER_A_LIMIT, model(sized(HUGE, node("Expand", "one,size", "y")))),
                contained("tile-bomb", Ending.REQUESTS_FAIL, model(sized(HUGE, node("Tile", "one,size", "y")))),
                contained("resize-bomb", Ending.OVER_A_LIMIT, model(sized(HUGE, node("Resize", "one,-,-,size", "y")))),
                contained(
                        "pad-bomb",
                        Ending.OVER_A_LIMIT,
                        model(sized(
                                HUGE,
                                node("Concat", "n,size", "pads").with(5, attribute("axis", 0)),
                                node("Pad", "one,pads", "y")))),
                contained(
                        "one-hot-bomb",
                        Ending.OVER_A_LIMIT,
                        model(sized(HUGE, node("OneHot", "n,size,both", "z"), node("Reshape", "z,flat", "y"))
                                .with(5, OnnxModels.floats("both", 0f, 1f))
                                .with(5, int64s("flat", -1)))),
                contained("range-bomb", Ending.OVER_A_LIMIT, model(range)),
                contained(
                        "random-bomb",
                        Ending.OVER_A_LIMIT,
                        model(sized(
                                        1,
                                        ints(node("RandomNormal", "", "z"), "shape", 1 << 17, 1 << 17),
                                        node("Reshape", "z,flat", "y"))
                                .with(5, int64s("flat", -1)))),
                contained(
                        "doubled-forty-times",
                        Ending.OVER_A_LIMIT,
                        model(doubled.with(11, value("x0", FLOAT, 1)).with(12, value("y", FLOAT, -1)))),
                contained("texts-doubled-forty-times", Ending.OVER_A_LIMIT, model(texts())),
                contained("loop-that-keeps-everything", Ending.OVER_A_LIMIT, model(loop(true))),
                contained("vectorizer-with-a-far-index", Ending.OVER_A_LIMIT, model(vectorizer())));
    }

    private static Message texts() {
        Message graph = graph().with(1, node("StringConcat", "x,w", "x0"))
                .with(5, tensor("w", STRING, 1).with(6, "teal"));
        for (int i = 0; i < 40; i++) {
            graph.with(1, node("StringConcat", "x" + i + ",x" + i, i == 39 ? "y" : "x" + (i + 1)));
        }
        return graph.with(11, value("x", STRING, 1)).with(12, value("y", STRING, 1));
    }

    private static Message vectorizer() {
        Message node = node("TfIdfVectorizer", "n", "y")
                .with(5, attribute("mode", "TF"))
                .with(5, attribute("min_gram_length", 1))
                .with(5, attribute("max_gram_length", 1))
                .with(5, attribute("max_skip_count", 0));
        ints(node, "ngram_counts", 0);
        ints(node, "ngram_indexes", Integer.MAX_VALUE - 1);
        ints(node, "pool_int64s", 7);
        return graph().with(1, node).with(11, value("n", INT64, 1)).with(12, value("y", FLOAT, -1));
    }

    static Message ints(Message node, String name, long... values) {
        Message packed = new Message();
        for (long value : values) {
            packed.varint(value);
        }
        return node.with(5, typed(name, 7).with(8, packed));
    }

    /** As often as 2^62 times, or until memory ends. */
    private static Message loop(boolean keeping) {
        Message body = graph().with(1, node("Identity", "on", "again"))
                .with(1, node("Add", "v,v", "twice"))
                .with(11, value("i", INT64))
                .with(11, value("on", BOOL))
                .with(11, value("v", FLOAT, 1))
                .with(12, value("again", BOOL))
                .with(12, value("twice", FLOAT, 1));
        if (keeping) {
            body.with(1, node("Expand", "v,mebi", "kept"))
                    .with(5, int64s("mebi", 1 << 18))
                    .with(12, value("kept", FLOAT, 1 << 18));
        }
        Message loop = node("Loop", "often,-,x", keeping ? "v_end,all" : "y").with(5, graphAttribute("body", body));
        Message graph = graph().with(1, loop).with(5, scalar("often", 1L << 62)).with(11, value("x", FLOAT, 1));
        return keeping
                ? graph.with(1, node("Reshape", "all,flat", "y"))
                        .with(5, int64s("flat", -1))
                        .with(12, value("y", FLOAT, -1))
                : graph.with(12, value("y", FLOAT, 1));
    }

    private static List<HostileModel> time() {
        Message products = graph().with(1, node("Expand", "x,side", "m0")).with(5, int64s("side", 4096, 4096));
        for (int i = 0; i < 1_000; i++) {
            products.with(1, node("MatMul", "m" + i + ",m" + i, i == 999 ? "y" : "m" + (i + 1)));
        }
        products.with(11, value("x", FLOAT, 1)).with(12, value("y", FLOAT, 4096, 4096));
        Message own = tree(0, 1);
        Message two = tree(1, 0);
        return List.of(
                contained("loop-without-end", Ending.OVER_A_LIMIT, model(loop(false))),
                contained("scan-of-loops-without-end", Ending.OVER_A_LIMIT, model(scan())),
                contained("products-for-an-hour", Ending.OVER_A_LIMIT, model(products)),
                contained(
                        "tree-whose-branch-is-itself",
                        Ending.NOT_LOADED,
                        OnnxModels.importing(model(own), "ai.onnx.ml", 3)),
                contained(
                        "tree-whose-branches-are-a-circle",
                        Ending.NOT_LOADED,
                        OnnxModels.importing(model(two), "ai.onnx.ml", 3)));
    }

    /** Two branches whose ways go to these nodes and, if not true, to a leaf. */
    private static Message tree(int firstGoesTo, int secondGoesTo) {
        Message tree = node("TreeEnsembleRegressor", "x", "y")
                .with(7, "ai.onnx.ml")
                .with(5, attribute("n_targets", 1))
                .with(
                        5,
                        typed("nodes_modes", 8)
                                .with(9, "BRANCH_LEQ")
                                .with(9, "BRANCH_LEQ")
                                .with(9, "LEAF"))
                .with(
                        5,
                        typed("nodes_values", 6)
                                .withFloat(7, 1f)
                                .withFloat(7, 1f)
                                .withFloat(7, 0f))
                .with(5, typed("target_weights", 6).withFloat(7, 1f));
        ints(tree, "nodes_treeids", 0, 0, 0);
        ints(tree, "nodes_nodeids", 0, 1, 2);
        ints(tree, "nodes_featureids", 0, 0, 0);
        ints(tree, "nodes_truenodeids", firstGoesTo, secondGoesTo, 0);
        ints(tree, "nodes_falsenodeids", 2, 2, 0);
        ints(tree, "target_treeids", 0);
        ints(tree, "target_nodeids", 2);
        ints(tree, "target_ids", 0);
        return graph().with(1, tree).with(11, value("x", FLOAT, 1, 1)).with(12, value("y", FLOAT, 1, 1));
    }

    private static Message scan() {
        Message endless = graph().with(1, node("Identity", "on", "again"))
                .with(1, node("Add", "w,w", "twice"))
                .with(11, value("i", INT64))
                .with(11, value("on", BOOL))
                .with(11, value("w", FLOAT, 1))
                .with(12, value("again", BOOL))
                .with(12, value("twice", FLOAT, 1));
        Message body = graph().with(1, node("Loop", "often,-,v", "end").with(5, graphAttribute("body", endless)))
                .with(5, scalar("often", 1L << 62))
                .with(11, value("v", FLOAT, 1))
                .with(12, value("end", FLOAT, 1));
        return graph().with(
                        1,
                        node("Scan", "x", "y")
                                .with(5, graphAttribute("body", body))
                                .with(5, attribute("num_scan_inputs", 1)))
                .with(11, value("x", FLOAT, -1, 1))
                .with(12, value("y", FLOAT, -1, 1));
    }
}
