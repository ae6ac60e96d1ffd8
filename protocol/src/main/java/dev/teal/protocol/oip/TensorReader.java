package dev.teal.protocol.oip;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Reads one tensor. Its fields come in any order: {@code data} that comes before {@code datatype} or {@code shape} is skipped, its place
 * kept, and read once they are known.
 */
final class TensorReader {
    private static final int MAX_RANK = 64;
    private static final int NOT_DEFERRED = -1;

    private final JsonParser parser;
    private final byte[] body;
    private final Supplier<String> where;
    private @Nullable String name;
    private @Nullable Datatype datatype;
    private long @Nullable [] shape;
    private @Nullable ByteBuffer data;
    private int deferred = NOT_DEFERRED;

    private TensorReader(JsonParser parser, byte[] body, Supplier<String> where) {
        this.parser = parser;
        this.body = body;
        this.where = where;
    }

    static Tensor read(JsonParser parser, byte[] body, Supplier<String> where) {
        return new TensorReader(parser, body, where).read();
    }

    private Tensor read() {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new InvalidInference(where.get() + " must be a JSON object");
        }
        Set<String> seen = new HashSet<>();
        for (String field = parser.nextName(); field != null; field = parser.nextName()) {
            InferenceJson.requireOnce(seen, field, where);
            parser.nextToken();
            switch (field) {
                case "name" -> name = InferenceJson.text(parser, "name");
                case "datatype" -> datatype = datatype();
                case "shape" -> shape = shape();
                case "parameters" -> refuseOtherCarriers();
                case "data" -> data();
                default -> parser.skipChildren();
            }
        }
        return whole();
    }

    private Tensor whole() {
        if (name == null || name.isEmpty()) {
            throw new InvalidInference(where.get() + " needs a 'name'");
        }
        if (datatype == null) {
            throw new InvalidInference(
                    "'" + name + "' needs a 'datatype', one of " + Arrays.toString(Datatype.values()));
        }
        if (shape == null) {
            throw new InvalidInference("'" + name + "' needs a 'shape', an array of dimensions");
        }
        if (deferred != NOT_DEFERRED) {
            try (JsonParser again = InferenceJson.parser(body, deferred)) {
                again.nextToken();
                data = elements(again, datatype, shape);
            }
        }
        if (data == null) {
            if (count(shape) != 0) {
                throw new InvalidInference("'" + name + "' needs 'data', an array of its elements");
            }
            data = ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
        }
        return new Tensor(name, datatype, shape, data);
    }

    private void data() {
        if (datatype != null && shape != null) {
            data = elements(parser, datatype, shape);
        } else {
            InferenceJson.requireArray(parser, "data");
            deferred = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
            parser.skipChildren();
        }
    }

    private ByteBuffer elements(JsonParser from, Datatype type, long[] dimensions) {
        return ElementReader.read(from, label(), type, count(dimensions), body.length);
    }

    private String label() {
        return name == null ? where.get() : name;
    }

    private Datatype datatype() {
        String said = InferenceJson.text(parser, "datatype");
        for (Datatype known : Datatype.values()) {
            if (known.name().equals(said)) {
                return known;
            }
        }
        throw new InvalidInference(
                "'" + label() + "' has an unknown datatype; use one of " + Arrays.toString(Datatype.values()));
    }

    private long[] shape() {
        InferenceJson.requireArray(parser, "shape");
        long[] dimensions = new long[4];
        int rank = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (rank == MAX_RANK) {
                throw new InvalidInference("'" + label() + "' has more than " + MAX_RANK + " dimensions; send fewer");
            }
            if (rank == dimensions.length) {
                dimensions = Arrays.copyOf(dimensions, rank * 2);
            }
            dimensions[rank++] = dimension();
        }
        return Arrays.copyOf(dimensions, rank);
    }

    private long dimension() {
        boolean whole = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        if (!whole || parser.getLongValue() < 0) {
            throw new InvalidInference("'" + label() + "' must have dimensions that are whole numbers from 0 on");
        }
        return parser.getLongValue();
    }

    private long count(long[] dimensions) {
        try {
            return Tensor.elements(dimensions);
        } catch (ArithmeticException e) {
            throw new InvalidInference("'" + label() + "' has a shape of more elements than can be counted", e);
        }
    }

    /** An input's elements come in exactly one way, and the others would be taken for no elements at all. */
    private void refuseOtherCarriers() {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new InvalidInference("'parameters' of '" + label() + "' must be a JSON object");
        }
        for (String parameter = parser.nextName(); parameter != null; parameter = parser.nextName()) {
            if (parameter.equals("binary_data_size") || parameter.startsWith("shared_memory_")) {
                throw new InvalidInference("'" + label() + "' names '" + parameter
                        + "', which is not supported; send its elements as 'data'");
            }
            parser.nextToken();
            parser.skipChildren();
        }
    }
}
