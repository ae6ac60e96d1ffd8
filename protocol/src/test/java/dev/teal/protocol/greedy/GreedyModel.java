package dev.teal.protocol.greedy;

import static dev.teal.protocol.greedy.OnnxFile.BOOL;
import static dev.teal.protocol.greedy.OnnxFile.FLOAT;
import static dev.teal.protocol.greedy.OnnxFile.INT64;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import java.util.List;

/** Models whose files are harmless, and whose runs are not. Input {@code n} INT64 [1] says how much they take, where it is asked. */
public enum GreedyModel {
    /** One tensor of {@code n} floats. */
    ONE_ALLOCATION {
        @Override
        OnnxFile graph(OnnxFile file) {
            return asked(file).node("ConstantOfShape", "n -> t").node("ReduceMax", "t -> y", "keepdims", 0);
        }
    },
    /** A thousand tensors of {@code n} floats, none of them large, all of them needed at the end. */
    MANY_ALLOCATIONS {
        @Override
        OnnxFile graph(OnnxFile file) {
            asked(file).node("ConstantOfShape", "n -> c0");
            StringBuilder all = new StringBuilder();
            for (int i = 1; i <= 1_000; i++) {
                // Each of the one before, so that none is the same as another.
                file.node("Cos", "c" + (i - 1) + " -> c" + i);
                all.append('c').append(i).append(' ');
            }
            return file.node("Max", all + "-> t").node("ReduceMax", "t -> y", "keepdims", 0);
        }
    },
    /** One tensor, tiled to a thousand times itself, thrice. */
    TILES {
        @Override
        OnnxFile graph(OnnxFile file) {
            asked(file).int64s("thousand", new long[] {1}, 1_000).node("ConstantOfShape", "n -> t0");
            for (int i = 0; i < 3; i++) {
                file.node("Tile", "t" + i + " thousand -> t" + (i + 1));
            }
            return file.node("ReduceMax", "t3 -> y", "keepdims", 0);
        }
    },
    /** 100 GB as soon as it is loaded, since all is constant. */
    CONSTANT {
        @Override
        OnnxFile graph(OnnxFile file) {
            return asked(file)
                    .int64s("huge", new long[] {1}, 25_000_000_000L)
                    .node("ConstantOfShape", "huge -> t")
                    .node("ReduceMax", "t -> y", "keepdims", 0);
        }
    },
    /** {@code n} rounds of next to nothing. */
    LOOP {
        @Override
        OnnxFile graph(OnnxFile file) {
            return asked(file)
                    .int64s("scalar", new long[] {0})
                    .bool("true", true)
                    .node("ReduceMax", "n -> trips", "keepdims", 0)
                    .node("ConstantOfShape", "scalar -> start")
                    .node(
                            "Loop",
                            "trips true start -> y",
                            "body",
                            body -> body.input("i", INT64)
                                    .input("on", BOOL)
                                    .input("v", FLOAT)
                                    .node("Identity", "on -> on_out")
                                    .node("Cos", "v -> v_out")
                                    .output("on_out", BOOL)
                                    .output("v_out", FLOAT));
        }
    },
    /** One product of two {@code n} by {@code n} matrices: nothing ends it between two nodes. */
    ONE_LONG_NODE {
        @Override
        OnnxFile graph(OnnxFile file) {
            return asked(file)
                    .int64s("two", new long[] {1}, 2)
                    .node("Tile", "n two -> nn")
                    .node("ConstantOfShape", "nn -> a")
                    .node("MatMul", "a a -> b")
                    .node("ReduceMax", "b -> y", "keepdims", 0);
        }
    },
    /** The same, of constants: its loading does not end. */
    LONG_LOADING {
        @Override
        OnnxFile graph(OnnxFile file) {
            return asked(file)
                    .int64s("nn", new long[] {2}, 10_000, 10_000)
                    .node("ConstantOfShape", "nn -> a")
                    .node("MatMul", "a a -> b")
                    .node("ReduceMax", "b -> y", "keepdims", 0);
        }
    };

    public static final ModelSignature SIGNATURE = new ModelSignature(
            List.of(new TensorSpec("n", Datatype.INT64, List.of(1L))),
            List.of(new TensorSpec("y", Datatype.FP32, List.of())),
            17);

    abstract OnnxFile graph(OnnxFile file);

    private static OnnxFile asked(OnnxFile file) {
        return file.input("n", INT64, 1).output("y", FLOAT);
    }

    public byte[] bytes() {
        return graph(new OnnxFile()).bytes();
    }
}
