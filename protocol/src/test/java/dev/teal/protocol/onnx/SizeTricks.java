package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.OnnxModels.FLOAT;
import static dev.teal.protocol.onnx.OnnxModels.STRING;
import static dev.teal.protocol.onnx.OnnxModels.int64s;
import static dev.teal.protocol.onnx.OnnxModels.model;
import static dev.teal.protocol.onnx.OnnxModels.relu;
import static dev.teal.protocol.onnx.OnnxModels.tensor;

import dev.teal.protocol.onnx.OnnxRefused.Reason;
import java.util.Arrays;
import java.util.List;

/** Files that want memory beyond their own read or written: a shape says one size, the bytes are of another. */
final class SizeTricks {
    private static final int INT4 = 22;

    private SizeTricks() {}

    private static HostileModel weight(String name, Message tensor, String words) {
        return HostileModel.refused(name, model(relu().with(5, tensor)), Reason.WRONG_SIZE, words);
    }

    private static HostileModel sparse(String name, Message values, Message indices, long... shape) {
        Message sparse = new Message().with(1, values).with(2, indices);
        Arrays.stream(shape).forEach(size -> sparse.with(3, size));
        return HostileModel.refused(
                name,
                model(relu().with(15, sparse)),
                name.endsWith("bomb") ? Reason.OVER_A_LIMIT : Reason.WRONG_SIZE,
                "sparse weight");
    }

    static List<HostileModel> models() {
        long half = 1L << 32;
        Message one = tensor("s", FLOAT, 1).with(9, new byte[4]);
        return List.of(
                weight(
                        "weight-shorter-than-its-shape",
                        tensor("w", FLOAT, 1024).with(9, new byte[4]),
                        "takes 4096 bytes, and 4"),
                weight(
                        "weight-longer-than-its-shape",
                        tensor("w", FLOAT, 1).with(9, new byte[4096]),
                        "takes 4 bytes, and 4096"),
                weight("weight-with-nothing-in-it", tensor("w", FLOAT, 1 << 20), "and 0 are in the file"),
                weight("shape-whose-product-wraps-to-zero", tensor("w", FLOAT, half, half), "more than can be counted"),
                weight(
                        "shape-whose-bytes-wrap-to-zero",
                        tensor("w", FLOAT, half, half / 4),
                        "more than can be counted"),
                weight(
                        "shape-whose-product-wraps-to-four",
                        tensor("w", FLOAT, half, half, 4).with(9, new byte[16]),
                        "more than can be counted"),
                weight(
                        "zero-that-hides-a-huge-shape",
                        tensor("w", FLOAT, 0, Long.MAX_VALUE, Long.MAX_VALUE),
                        "more than can be counted"),
                weight("dimension-below-zero", tensor("w", FLOAT, -1, -4).with(9, new byte[16]), "dimension of -1"),
                weight(
                        "dimension-of-the-least-number",
                        tensor("w", FLOAT, Long.MIN_VALUE),
                        "dimension of -9223372036854775808"),
                weight(
                        "texts-fewer-than-promised",
                        tensor("w", STRING, 1000).with(6, "one"),
                        "takes 1000 values, and 1"),
                weight("texts-as-raw-bytes", tensor("w", STRING, 8).with(9, new byte[256]), "raw bytes"),
                weight("floats-that-are-texts", tensor("w", FLOAT, 4).with(6, "abcd"), "values of another type"),
                weight(
                        "floats-that-are-raw-and-typed",
                        tensor("w", FLOAT, 1).with(9, new byte[4]).withFloat(4, 1f),
                        "values of another type"),
                weight(
                        "four-bit-numbers-short-of-one",
                        tensor("w", INT4, 5).with(9, new byte[2]),
                        "takes 3 bytes, and 2"),
                weight(
                        "weight-in-segments",
                        tensor("w", FLOAT, 1).with(3, new Message().with(1, 0).with(2, 1 << 30)),
                        "segments"),
                HostileModel.refused(
                        "weight-of-an-unknown-type",
                        model(relu().with(5, tensor("w", 99, 1))),
                        Reason.NOT_A_MODEL,
                        "type 99"),
                HostileModel.refused(
                        "weight-of-no-type",
                        model(relu().with(5, new Message().with(8, "w"))),
                        Reason.NOT_A_MODEL,
                        "type 0"),
                HostileModel.refused(
                        "weight-of-a-hundred-dimensions",
                        model(relu().with(5, tensor("w", FLOAT, new long[100]))),
                        Reason.OVER_A_LIMIT,
                        "64 dimensions"),
                sparse("sparse-bomb", one, int64s("i", 0), 1L << 20, 1L << 20),
                sparse("sparse-shape-that-wraps", one, int64s("i", 0), half, half),
                sparse("sparse-without-places", one, int64s("i", 0), 8, 0),
                sparse(
                        "sparse-with-more-values-than-places",
                        tensor("s", FLOAT, 4).with(9, new byte[16]),
                        int64s("i", 0, 1, 2, 3),
                        2),
                sparse(
                        "sparse-with-fewer-indices-than-values",
                        tensor("s", FLOAT, 4).with(9, new byte[16]),
                        int64s("i", 0),
                        8),
                sparse(
                        "sparse-with-indices-that-are-floats",
                        one,
                        tensor("i", FLOAT, 1).with(9, new byte[4]),
                        8));
    }
}
