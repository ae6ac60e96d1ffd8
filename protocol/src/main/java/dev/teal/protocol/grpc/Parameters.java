package dev.teal.protocol.grpc;

import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RequestLimits;
import dev.teal.protocol.wire.WireType;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A map of {@code InferParameter}s: values are Boolean, Long, String or Double; of what is unsigned and over a long's range the greatest long. */
final class Parameters {
    private static final int MOST_TEXT_BYTES = 1 << 20;

    static final Parameters NONE = new Parameters(Map.of());

    private final Map<String, Object> values;

    private Parameters(Map<String, Object> values) {
        this.values = values;
    }

    /** With the entry that the reader stands before. */
    Parameters read(WireReader reader) {
        Map<String, Object> more = values.isEmpty() ? new HashMap<>() : values;
        if (more.size() == RequestLimits.PARAMETERS) {
            throw new InvalidInference("there are more than " + RequestLimits.PARAMETERS + " parameters");
        }
        String key = "";
        Object value = null;
        int outer = reader.enter();
        while (reader.more()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireType.BYTES -> key = reader.text(RequestLimits.NAME_BYTES, "a parameter's name");
                case 2 << 3 | WireType.BYTES -> value = value(reader);
                default -> reader.skip(tag);
            }
        }
        reader.leave(outer);
        if (value != null) {
            more.put(key, value);
        }
        return values.isEmpty() ? new Parameters(more) : this;
    }

    private static @Nullable Object value(WireReader reader) {
        Object value = null;
        int outer = reader.enter();
        while (reader.more()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireType.VARINT -> value = reader.varint() != 0;
                case 2 << 3 | WireType.VARINT -> value = reader.varint();
                case 5 << 3 | WireType.VARINT -> value = unsigned(reader.varint());
                case 3 << 3 | WireType.BYTES -> value = reader.text(MOST_TEXT_BYTES, "a parameter's text");
                case 4 << 3 | WireType.FIXED64 -> value = Double.longBitsToDouble(reader.fixed64());
                default -> reader.skip(tag);
            }
        }
        reader.leave(outer);
        return value;
    }

    private static long unsigned(long bits) {
        return bits < 0 ? Long.MAX_VALUE : bits;
    }

    Iterable<String> names() {
        return values.keySet();
    }

    /** A whole number, or the other one where there is none. */
    long whole(String name, long least, long otherwise) {
        return switch (values.get(name)) {
            case null -> otherwise;
            case Long value when value >= least -> value;
            default ->
                throw new InvalidInference(
                        "parameter '" + name + "' must be an int64_param or uint64_param of " + least + " or more");
        };
    }

    boolean flag(String name) {
        return switch (values.get(name)) {
            case null -> false;
            case Boolean value -> value;
            default -> throw new InvalidInference("parameter '" + name + "' must be a bool_param");
        };
    }

    /** Elements come and go in the message alone. */
    void refuseSharedMemory(String tensor) {
        for (String name : values.keySet()) {
            if (name.startsWith("shared_memory_")) {
                throw new InvalidInference("'" + tensor + "' names '" + name
                        + "', which is not supported; send its elements in the message");
            }
        }
    }
}
