package dev.teal.protocol.oip;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads one tensor. Its fields come in any order: {@code data} that comes before {@code datatype} or {@code shape} is skipped, its place
 * kept, and read once they are known.
 */
final class TensorReader {
    private static final int NONE = -1;
    private static final Datatype[] DATATYPES = Datatype.values();
    private static final byte[][] FIELDS = JsonObject.names("name", "datatype", "shape", "parameters", "data");
    private static final byte[][] PARAMETERS = JsonObject.names("binary_data_size");

    private final TensorSource source;
    private final JsonCursor cursor;
    private final JsonObject object;
    private final String kind;
    private @Nullable String name;
    private @Nullable Datatype datatype;
    private long @Nullable [] shape;
    private @Nullable ByteBuffer data;
    private int deferred = NONE;
    private long binaryBytes = NONE;

    private TensorReader(TensorSource source, String what, int index) {
        this.source = source;
        this.cursor = source.cursor();
        this.kind = what.equals("inputs") ? "input" : "output";
        this.object = new JsonObject(cursor, FIELDS, what, index);
    }

    /** Reads an array of tensors of different names. @param what {@code inputs} or {@code outputs} */
    static List<Tensor> readAll(TensorSource source, String what) {
        JsonCursor cursor = source.cursor();
        cursor.requireArray(what);
        List<Tensor> tensors = new ArrayList<>(4);
        Set<String> names = new HashSet<>();
        for (boolean more = cursor.beginArray(); more; more = cursor.nextElement()) {
            RequestLimits.requireTensors(tensors.size(), what);
            Tensor tensor = new TensorReader(source, what, tensors.size()).read();
            if (!names.add(tensor.name())) {
                throw new InvalidInference(
                        what.equals("inputs")
                                ? "input '" + tensor.name() + "' already exists in request"
                                : "output '" + tensor.name() + "' already exists in response");
            }
            tensors.add(tensor);
        }
        return tensors;
    }

    private Tensor read() {
        while (object.next()) {
            switch (object.field()) {
                case 0 -> name = cursor.text("name");
                case 1 -> datatype = datatype();
                case 2 -> shape = shape();
                case 3 -> parameters();
                case 4 -> data();
                default -> cursor.skipValue();
            }
        }
        return whole();
    }

    private Tensor whole() {
        if (name == null || name.isEmpty()) {
            throw new InvalidInference(object.where() + " needs a 'name'");
        }
        if (datatype == null) {
            throw new InvalidInference("'" + name + "' needs a 'datatype', one of " + Arrays.toString(DATATYPES));
        }
        if (shape == null) {
            throw new InvalidInference("'" + name + "' needs a 'shape', an array of dimensions");
        }
        if (binaryBytes != NONE && (data != null || deferred != NONE)) {
            throw new InvalidInference("'" + name + "' has both 'data' and 'binary_data_size'; give one");
        }
        if (deferred != NONE) {
            int behind = cursor.position();
            int depth = cursor.depth();
            cursor.back(deferred, depth + 1);
            data = elements(datatype, shape);
            cursor.back(behind, depth);
        }
        return new Tensor(name, datatype, shape, data != null ? data : carried(name, datatype, shape));
    }

    /** What came in another way than as {@code data}. */
    private ByteBuffer carried(String known, Datatype type, long[] dimensions) {
        long elements = count(dimensions);
        if (binaryBytes == NONE) {
            if (elements != 0) {
                throw new InvalidInference("'" + known + "' needs 'data', an array of its elements");
            }
            return source.memory().allocate(0);
        }
        BinaryTensors binary = source.binary();
        if (binary == null) {
            throw new InvalidInference(
                    "'" + known + "' names 'binary_data_size', but no valid"
                            + " Inference-Header-Content-Length in the header says where the JSON ends and the binary data begins");
        }
        return binary.take(kind, known, type, elements, binaryBytes, source.memory());
    }

    private void data() {
        if (datatype != null && shape != null) {
            data = elements(datatype, shape);
        } else {
            int token = cursor.token();
            deferred = cursor.position();
            cursor.skipValue();
            if (token != '[') {
                throw new InvalidInference("'data' must be a JSON array");
            }
        }
    }

    private ByteBuffer elements(Datatype type, long[] dimensions) {
        if (BinaryOnly.is(type) && !source.halfFloats()) {
            throw BinaryOnly.received(type, kind, label());
        }
        return new ElementReader(cursor, this, type, count(dimensions)).read(source.memory());
    }

    String label() {
        return name == null ? object.where() : name;
    }

    private Datatype datatype() {
        String said = cursor.text("datatype");
        for (Datatype known : DATATYPES) {
            if (known.name().equals(said)) {
                return known;
            }
        }
        throw new InvalidInference(
                "'" + label() + "' has an unknown datatype; use one of " + Arrays.toString(DATATYPES));
    }

    private long[] shape() {
        cursor.requireArray("shape");
        long[] dimensions = new long[4];
        int rank = 0;
        for (boolean more = cursor.beginArray(); more; more = cursor.nextElement()) {
            if (rank == RequestLimits.DIMENSIONS) {
                throw new InvalidInference(
                        "'" + label() + "' has more than " + RequestLimits.DIMENSIONS + " dimensions; send fewer");
            }
            if (rank == dimensions.length) {
                dimensions = Arrays.copyOf(dimensions, rank * 2);
            }
            dimensions[rank++] = dimension();
        }
        return Arrays.copyOf(dimensions, rank);
    }

    private long dimension() {
        if (JsonNumber.starts(cursor.token())) {
            JsonNumber number = cursor.number();
            if (number.whole() && number.fitsUnsigned()) {
                long magnitude = number.magnitude();
                if (magnitude == 0 || magnitude > 0 && !number.negative()) {
                    return magnitude;
                }
            }
        } else {
            cursor.skipValue();
        }
        throw new InvalidInference("'" + label() + "' must have dimensions that are whole numbers from 0 on");
    }

    private long count(long[] dimensions) {
        try {
            return Tensor.elements(dimensions);
        } catch (ArithmeticException e) {
            throw new InvalidInference("'" + label() + "' has a shape of more elements than can be counted", e);
        }
    }

    private void parameters() {
        if (!Parameters.present(cursor)) {
            return;
        }
        if (!cursor.isObject()) {
            throw new InvalidInference("'parameters' of '" + label() + "' must be a JSON object");
        }
        JsonObject parameters = new JsonObject(cursor, PARAMETERS, "parameters", NONE);
        while (parameters.next()) {
            if (parameters.field() == 0) {
                binaryBytes = Parameters.unsigned(cursor, "binary_data_size", 0, Integer.MAX_VALUE);
            } else {
                Parameters.custom(cursor, parameters.name());
            }
        }
    }
}
