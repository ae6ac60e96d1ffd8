package dev.teal.protocol.oip;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One element as a value that can be compared and shown. */
sealed interface Element {
    /** All floats, widened; the datatype's own precision is in the value. */
    record Real(double value) implements Element {
        @Override
        public String toString() {
            return (float) value == value ? Float.toString((float) value) : Double.toString(value);
        }
    }

    /** Whole numbers and BOOL by their text, so that all sizes and signs compare alike. */
    record Exact(String text) implements Element {
        @Override
        public String toString() {
            return text;
        }
    }

    /** Takes the next element of a little-endian buffer. */
    static Element next(Datatype datatype, ByteBuffer data) {
        return switch (datatype) {
            case BOOL -> new Exact(data.get() != 0 ? "true" : "false");
            case INT8 -> new Exact(Byte.toString(data.get()));
            case INT16 -> new Exact(Short.toString(data.getShort()));
            case INT32 -> new Exact(Integer.toString(data.getInt()));
            case INT64 -> new Exact(Long.toString(data.getLong()));
            case UINT8 -> new Exact(Integer.toString(data.get() & 0xff));
            case UINT16 -> new Exact(Integer.toString(data.getShort() & 0xffff));
            case UINT32 -> new Exact(Integer.toUnsignedString(data.getInt()));
            case UINT64 -> new Exact(Long.toUnsignedString(data.getLong()));
            case FP16 -> new Real(HalfFloats.fromFp16(data.getShort()));
            case BF16 -> new Real(HalfFloats.fromBf16(data.getShort()));
            case FP32 -> new Real(data.getFloat());
            case FP64 -> new Real(data.getDouble());
            case BYTES -> new Bytes(bytes(data));
        };
    }

    /** A BYTES element; shown as text, compared as it is. */
    record Bytes(ByteBuffer value) implements Element {
        @Override
        public String toString() {
            return "\"" + StandardCharsets.UTF_8.decode(value.duplicate()) + "\"";
        }
    }

    private static ByteBuffer bytes(ByteBuffer data) {
        int length = data.getInt();
        ByteBuffer element = data.slice(data.position(), length);
        data.position(data.position() + length);
        return element;
    }
}
