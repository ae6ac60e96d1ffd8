package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.WireReader.once;

import dev.teal.protocol.onnx.OnnxRefused.Reason;
import dev.teal.protocol.wire.WireType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Weights and constants. Each must carry exactly the bytes that its type and shape say: what is promised and not there is read from memory that
 * is somebody else's. Data outside of the file is refused however it is named.
 */
final class TensorWalk {
    private static final long ONCE = once(2, 3, 8, 9, 12, 14);
    private static final long SPARSE_ONCE = once(1, 2);
    private static final long ENTRY_ONCE = once(1, 2);
    private static final int MOST_DIMENSIONS = 64;
    /** A sparse weight is made dense when it is loaded, however little of it stands in the file. */
    private static final long MOST_DENSE_BYTES = 1L << 30;

    private final WireReader in;
    private final Census census;
    private long denseBytes;

    TensorWalk(WireReader in, Census census) {
        this.in = in;
        this.census = census;
    }

    private record Tensor(String name, ElementKind kind, List<Long> shape, long elements) {}

    /** @return its name */
    String tensor(int wireType, String what) {
        return read(wireType, what).name();
    }

    /** @return its name, which is that of its values */
    String sparse(int wireType) {
        Tensor[] parts = new Tensor[2];
        List<Long> shape = new ArrayList<>();
        in.message(wireType, SPARSE_ONCE, (field, type) -> {
            switch (field) {
                case 1 -> parts[0] = read(type, "sparse weight");
                case 2 -> parts[1] = read(type, "index of a sparse weight");
                case 3 -> in.numbers(type, size -> dimension(shape, size));
                default -> in.skip(type);
            }
        });
        if (parts[0] == null || parts[1] == null) {
            throw wrong("a sparse weight lacks its values or their indices");
        }
        requireDense(parts[0], parts[1], shape);
        return parts[0].name();
    }

    private void requireDense(Tensor values, Tensor indices, List<Long> shape) {
        String name = "sparse weight '" + Printable.of(values.name()) + "'";
        boolean linear = indices.shape().equals(List.of(values.elements()));
        boolean byAxis = indices.shape().equals(List.of(values.elements(), (long) shape.size()));
        if (values.shape().size() != 1 || indices.kind() != ElementKind.INT64 || !(linear || byAxis)) {
            throw wrong(name + " has other indices than its values need");
        }
        try {
            long elements = product(shape);
            denseBytes = Math.addExact(denseBytes, values.kind().rawBytes(elements));
            if (values.elements() > elements) {
                throw wrong(name + " has more values than its shape " + shape + " has places");
            }
        } catch (ArithmeticException e) {
            throw tooLarge(name, shape);
        }
        if (denseBytes > MOST_DENSE_BYTES) {
            throw OnnxRefused.overLimit(
                    "its sparse weights have more than " + MOST_DENSE_BYTES + " bytes when made dense");
        }
    }

    private Tensor read(int wireType, String what) {
        census.count(Census.Part.TENSORS);
        Reading reading = new Reading();
        in.message(wireType, ONCE, reading::field);
        return reading.checked(what);
    }

    /** One tensor as it comes off the wire. */
    private final class Reading {
        private final List<Long> shape = new ArrayList<>();
        private String name = "";
        private long kindNumber;
        private @Nullable String outside;
        private boolean raw;
        private long rawBytes;
        /** By the number of the field. */
        private final long[] carried = new long[12];

        void field(int field, int type) {
            switch (field) {
                case 1 -> in.numbers(type, size -> dimension(shape, size));
                case 2 -> kindNumber = in.number(type);
                case 3 -> throw wrong("a weight is in segments, which no runtime reads");
                case 4 -> carried[field] += in.fixedNumbers(type, WireType.FIXED32);
                case 10 -> carried[field] += in.fixedNumbers(type, WireType.FIXED64);
                case 5, 7, 11 -> carried[field] += in.numbers(type, _ -> {});
                case 6 -> {
                    census.count(Census.Part.STRINGS);
                    in.bytes(type);
                    carried[field]++;
                }
                case 8 -> name = in.text(type);
                case 9 -> {
                    raw = true;
                    rawBytes = in.bytes(type);
                }
                case 12, 16 -> in.bytes(type);
                case 13 -> entry(type);
                case 14 -> {
                    if (in.number(type) != 0 && outside == null) {
                        outside = "";
                    }
                }
                default -> in.skip(type);
            }
        }

        /** Of {@code external_data}; that there is one is enough, what it says is for the refusal alone. */
        private void entry(int wireType) {
            String[] entry = {"", ""};
            in.message(wireType, ENTRY_ONCE, (field, type) -> {
                switch (field) {
                    case 1, 2 -> entry[field - 1] = in.text(type);
                    default -> in.skip(type);
                }
            });
            if (outside == null || entry[0].equals("location")) {
                outside = entry[1].contains("_ORT_MEM_ADDR_") ? " at an address in the runtime's memory" : "";
            }
        }

        Tensor checked(String what) {
            String subject = what + " '" + Printable.of(name) + "'";
            if (outside != null) {
                throw new OnnxRefused(Reason.EXTERNAL_DATA, subject + outside);
            }
            ElementKind kind = ElementKind.numbered(kindNumber);
            if (kind == null) {
                throw OnnxRefused.notAModel(
                        subject + " has elements of type " + kindNumber + ", which ONNX does not have");
            }
            try {
                long elements = product(shape);
                requireCarried(subject, kind, elements);
                return new Tensor(name, kind, shape, elements);
            } catch (ArithmeticException e) {
                throw tooLarge(subject, shape);
            }
        }

        private void requireCarried(String subject, ElementKind kind, long elements) {
            for (ElementKind.Carrier carrier : ElementKind.Carrier.values()) {
                if (carried[carrier.field] > 0 && (raw || carrier != kind.carrier)) {
                    throw wrong(subject + " of type " + kind + " carries values of another type");
                }
            }
            if (raw && kind == ElementKind.STRING) {
                throw wrong(subject + " has texts as raw bytes");
            }
            long bytes = kind.rawBytes(elements);
            long promised = raw ? bytes : kind.carried(elements);
            long there = raw ? rawBytes : carried[kind.carrier.field];
            if (promised != there) {
                throw wrong(subject + " of type " + kind + " and shape " + shape + " takes " + promised
                        + (raw ? " bytes" : " values") + ", and " + there + " are in the file");
            }
        }
    }

    private static void dimension(List<Long> shape, long size) {
        if (size < 0) {
            throw wrong("a weight has a dimension of " + size);
        }
        if (shape.size() >= MOST_DIMENSIONS) {
            throw OnnxRefused.overLimit("a weight has more than " + MOST_DIMENSIONS + " dimensions");
        }
        shape.add(size);
    }

    /** Of a shape with a zero it is zero only if the others can be multiplied, as loops over them would be. */
    private static long product(List<Long> shape) {
        long product = 1;
        for (long size : shape) {
            product = Math.multiplyExact(product, Math.max(1, size));
        }
        return shape.contains(0L) ? 0 : product;
    }

    private static OnnxRefused tooLarge(String subject, List<Long> shape) {
        return wrong(subject + " has the shape " + shape + ", which is more than can be counted");
    }

    private static OnnxRefused wrong(String detail) {
        return new OnnxRefused(Reason.WRONG_SIZE, detail);
    }
}
