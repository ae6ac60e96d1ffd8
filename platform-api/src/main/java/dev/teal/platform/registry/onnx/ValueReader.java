package dev.teal.platform.registry.onnx;

import dev.teal.protocol.oip.Datatype;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An input or output as the file declares it. */
final class ValueReader {
    private static final int HIGHEST_RANK = 32;
    private static final int LONGEST_NAME = 256;
    private static final String ONLY_TENSORS =
            "; only tensors can be served (from scikit-learn: convert with options={'zipmap': False})";
    /** Numbers of TensorProto.DataType. Beside them are complex numbers and those of 4 and 8 bits, which the protocol has no name for. */
    private static final Map<Long, Datatype> DATATYPES = Map.ofEntries(
            Map.entry(1L, Datatype.FP32),
            Map.entry(2L, Datatype.UINT8),
            Map.entry(3L, Datatype.INT8),
            Map.entry(4L, Datatype.UINT16),
            Map.entry(5L, Datatype.INT16),
            Map.entry(6L, Datatype.INT32),
            Map.entry(7L, Datatype.INT64),
            Map.entry(8L, Datatype.BYTES),
            Map.entry(9L, Datatype.BOOL),
            Map.entry(10L, Datatype.FP16),
            Map.entry(11L, Datatype.FP64),
            Map.entry(12L, Datatype.UINT32),
            Map.entry(13L, Datatype.UINT64),
            Map.entry(16L, Datatype.BF16));

    private final ProtoReader in;
    private String name = "";
    private @Nullable Datatype datatype;
    private @Nullable List<Long> shape;
    private @Nullable String problem;

    private ValueReader(ProtoReader in) {
        this.in = in;
    }

    /** @param problem why it can't be served, if so; told only where it matters, as an input that has a weight is none */
    record Value(String name, @Nullable Datatype datatype, List<Long> shape, Optional<String> problem) {}

    static Value read(ProtoReader in, int wireType) throws IOException {
        ValueReader value = new ValueReader(in);
        in.message(wireType, (field, type) -> {
            switch (field) {
                case 1 -> value.name = in.text(type);
                case 2 -> in.message(type, value::type);
                default -> in.skip(type);
            }
        });
        return value.value();
    }

    private void type(int kind, int wireType) throws IOException {
        switch (kind) {
            case 1 ->
                in.message(wireType, (field, type) -> {
                    switch (field) {
                        case 1 -> datatype(in.number(type));
                        case 2 -> shape(type);
                        default -> in.skip(type);
                    }
                });
            case 4 -> refuse(wireType, "is a sequence" + ONLY_TENSORS);
            case 5 -> refuse(wireType, "is a map" + ONLY_TENSORS);
            case 7, 8 -> refuse(wireType, "is opaque or sparse; only dense tensors can be served");
            case 9 -> refuse(wireType, "is optional; only tensors can be served");
            default -> in.skip(wireType);
        }
    }

    private void refuse(int wireType, String reason) throws IOException {
        problem = reason;
        in.skip(wireType);
    }

    private void datatype(long number) {
        datatype = DATATYPES.get(number);
        if (datatype == null) {
            problem = "has elements of ONNX type " + number + ", which the Open Inference Protocol has no datatype for";
        }
    }

    private void shape(int wireType) throws IOException {
        List<Long> dimensions = new ArrayList<>();
        in.message(wireType, (field, type) -> {
            if (field != 1) {
                in.skip(type);
            } else if (dimensions.size() < HIGHEST_RANK) {
                dimensions.add(dimension(type));
            } else {
                problem = "has more than " + HIGHEST_RANK + " dimensions";
                in.skip(type);
            }
        });
        shape = dimensions;
    }

    /** A name instead of a size means "any"; so do sizes below zero, which exporters write here and there. */
    private long dimension(int wireType) throws IOException {
        long[] size = {-1};
        in.message(wireType, (field, type) -> {
            if (field == 1) {
                size[0] = Math.max(-1, in.number(type));
            } else {
                in.skip(type);
            }
        });
        return size[0];
    }

    private Value value() {
        if (problem == null && datatype == null) {
            problem = "has no type";
        } else if (problem == null && shape == null) {
            problem = "has no shape; export the model with shapes (a dimension may be dynamic, their number may not)";
        } else if (problem == null && (name.isEmpty() || name.length() > LONGEST_NAME || !Printable.is(name))) {
            problem = "needs a name of 1 to " + LONGEST_NAME + " printable characters";
        }
        return new Value(name, datatype, shape == null ? List.of() : shape, Optional.ofNullable(problem));
    }
}
