package dev.teal.protocol.onnx;

import static dev.teal.protocol.onnx.WireReader.once;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.wire.WireType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An input, an output or something between as the file declares it. */
final class ValueReader {
    private static final long VALUE_ONCE = once(1, 2, 3);
    private static final long TYPE_ONCE = once(1, 4, 5, 6, 7, 8, 9);
    private static final long TENSOR_ONCE = once(1, 2);
    private static final long DIMENSION_ONCE = once(1, 2, 3);
    private static final int HIGHEST_RANK = 16;
    private static final int LONGEST_NAME = 256;
    private static final String ONLY_TENSORS =
            "; only tensors can be served (from scikit-learn: convert with options={'zipmap': False})";

    private final WireReader in;
    private final Census census;

    ValueReader(WireReader in, Census census) {
        this.in = in;
        this.census = census;
    }

    /** @param problem why it can't be served, if so; told only where it matters, as an input that has a weight is none */
    record Value(String name, @Nullable Datatype datatype, List<Long> shape, Optional<String> problem) {}

    Value value(int wireType) {
        census.count(Census.Part.VALUES);
        String[] name = {""};
        Type[] type = {new Type()};
        in.message(wireType, VALUE_ONCE, (field, fieldType) -> {
            switch (field) {
                case 1 -> name[0] = in.text(fieldType);
                case 2 -> type[0] = type(fieldType);
                case 3, 4 -> in.bytes(fieldType);
                default -> in.skip(fieldType);
            }
        });
        return type[0].named(name[0]);
    }

    /** A {@code TypeProto}, walked to its end wherever it stands, as it may hold others. */
    Type type(int wireType) {
        Type read = new Type();
        in.message(wireType, TYPE_ONCE, (kind, type) -> {
            switch (kind) {
                case 1 -> {
                    read.kind();
                    in.message(type, TENSOR_ONCE, read::tensor);
                }
                case 4 -> of(read, type, "is a sequence" + ONLY_TENSORS);
                case 5 -> of(read, type, "is a map" + ONLY_TENSORS);
                case 9 -> of(read, type, "is optional; only tensors can be served");
                case 7, 8 -> {
                    read.kind();
                    read.problem = "is opaque or sparse; only dense tensors can be served";
                    in.bytes(type);
                }
                case 6 -> in.name(type);
                default -> in.skip(type);
            }
        });
        return read;
    }

    /** A type made of others: its element's type is field 1, that of a map's values field 2. */
    private void of(Type read, int wireType, String problem) {
        read.kind();
        read.problem = problem;
        in.message(wireType, TENSOR_ONCE, (_, type) -> {
            if (type == WireType.BYTES) {
                type(type);
            } else {
                in.skip(type);
            }
        });
    }

    /** A type in the making. */
    final class Type {
        private @Nullable Datatype datatype;
        private @Nullable List<Long> shape;
        private @Nullable String problem;
        private boolean hasKind;

        private void kind() {
            if (hasKind) {
                throw OnnxRefused.notAModel("something has two types");
            }
            hasKind = true;
        }

        private void tensor(int field, int type) {
            switch (field) {
                case 1 -> datatype(in.number(type));
                case 2 -> shape(type);
                default -> in.skip(type);
            }
        }

        private void datatype(long number) {
            ElementKind kind = ElementKind.numbered(number);
            datatype = kind == null ? null : kind.datatype;
            if (datatype == null) {
                problem = "has elements of ONNX type " + number
                        + ", which the Open Inference Protocol has no datatype for";
            }
        }

        private void shape(int wireType) {
            List<Long> dimensions = new ArrayList<>();
            in.message(wireType, 0, (field, type) -> {
                if (field != 1) {
                    in.skip(type);
                } else if (dimensions.size() < HIGHEST_RANK) {
                    dimensions.add(dimension(type));
                } else {
                    problem = "has more than " + HIGHEST_RANK + " dimensions";
                    in.bytes(type);
                }
            });
            shape = dimensions;
        }

        /** A name instead of a size means "any"; so do sizes below zero, which exporters write here and there. */
        private long dimension(int wireType) {
            long[] size = {-1};
            in.message(wireType, DIMENSION_ONCE, (field, type) -> {
                switch (field) {
                    case 1 -> size[0] = Math.max(-1, in.number(type));
                    case 2 -> {
                        in.name(type);
                        size[0] = -1;
                    }
                    case 3 -> in.name(type);
                    default -> in.skip(type);
                }
            });
            return size[0];
        }

        private Value named(String name) {
            if (problem == null && datatype == null) {
                problem = "has no type";
            } else if (problem == null && shape == null) {
                problem =
                        "has no shape; export the model with shapes (a dimension may be dynamic, their number may not)";
            } else if (problem == null && (name.isEmpty() || name.length() > LONGEST_NAME || !Printable.is(name))) {
                problem = "needs a name of 1 to " + LONGEST_NAME + " printable characters";
            }
            return new Value(name, datatype, shape == null ? List.of() : shape, Optional.ofNullable(problem));
        }
    }
}
