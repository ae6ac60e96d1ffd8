package dev.teal.protocol.oip;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads a tensor's {@code data}, flat or nested as the client likes: only the number of elements counts. */
final class ElementReader {
    private static final BigInteger UNSIGNED_MAX =
            BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    private final JsonParser parser;
    private final String name;
    private final Datatype datatype;
    private final long count;
    private long taken;

    private ElementReader(JsonParser parser, String name, Datatype datatype, long count) {
        this.parser = parser;
        this.name = name;
        this.datatype = datatype;
        this.count = count;
    }

    /** @param bodyBytes an element takes at least a byte of these, so a shape that claims more is wrong before anything is allocated */
    static ByteBuffer read(JsonParser parser, String name, Datatype datatype, long count, int bodyBytes) {
        return new ElementReader(parser, name, datatype, count).read(bodyBytes);
    }

    private ByteBuffer read(int bodyBytes) {
        InferenceJson.requireArray(parser, "data");
        if (count > bodyBytes || count * Math.max(4L, datatype.elementBytes()) > Integer.MAX_VALUE - 64) {
            throw new InvalidInference("'" + name + "' has a shape of " + count + " elements, and fewer in 'data'");
        }
        ByteBuffer elements = datatype == Datatype.BYTES ? strings() : fixed();
        if (taken != count) {
            throw new InvalidInference("'" + name + "' has a shape of " + count + " elements, and " + taken
                    + " in 'data'; make them agree");
        }
        return elements.flip();
    }

    private ByteBuffer fixed() {
        ByteBuffer elements =
                ByteBuffer.allocate((int) count * datatype.elementBytes()).order(ByteOrder.LITTLE_ENDIAN);
        while (nextElement()) {
            put(elements);
        }
        return elements;
    }

    private ByteBuffer strings() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (nextElement()) {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                throw wrong("a string");
            }
            byte[] text = utf8(parser.getString());
            bytes.writeBytes(new byte[] {
                (byte) text.length, (byte) (text.length >> 8), (byte) (text.length >> 16), (byte) (text.length >> 24)
            });
            bytes.writeBytes(text);
        }
        ByteBuffer elements = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        return elements.position(elements.limit());
    }

    private byte[] utf8(String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] exact = new byte[bytes.remaining()];
            bytes.get(exact);
            return exact;
        } catch (CharacterCodingException e) {
            throw new InvalidInference(
                    at() + " has half a surrogate pair, which UTF-8 can't carry; send whole characters", e);
        }
    }

    /** Goes to the next element at any depth. @return false at the end of the outermost array */
    private boolean nextElement() {
        JsonToken token = parser.nextToken();
        while (token == JsonToken.START_ARRAY || token == JsonToken.END_ARRAY) {
            depth += token == JsonToken.START_ARRAY ? 1 : -1;
            if (depth == 0) {
                return false;
            }
            token = parser.nextToken();
        }
        if (taken++ == count) {
            throw new InvalidInference(
                    "'" + name + "' has a shape of " + count + " elements, and more in 'data'; make them agree");
        }
        return true;
    }

    private int depth = 1;

    private void put(ByteBuffer to) {
        switch (datatype) {
            case BOOL -> to.put((byte) (bool() ? 1 : 0));
            case INT8 -> to.put((byte) whole(Byte.MIN_VALUE, Byte.MAX_VALUE));
            case INT16 -> to.putShort((short) whole(Short.MIN_VALUE, Short.MAX_VALUE));
            case INT32 -> to.putInt((int) whole(Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT64 -> to.putLong(whole(Long.MIN_VALUE, Long.MAX_VALUE));
            case UINT8 -> to.put((byte) whole(0, 0xff));
            case UINT16 -> to.putShort((short) whole(0, 0xffff));
            case UINT32 -> to.putInt((int) whole(0, 0xffff_ffffL));
            case UINT64 -> to.putLong(unsigned());
            case FP16 -> to.putShort(HalfFloats.toFp16(real(HalfFloats.MAX_FP16)));
            case BF16 -> to.putShort(HalfFloats.toBf16(real(HalfFloats.MAX_BF16)));
            case FP32 -> to.putFloat(single());
            case FP64 -> to.putDouble(real(Double.MAX_VALUE));
            case BYTES -> throw new IllegalStateException("strings have no fixed size");
        }
    }

    private boolean bool() {
        return switch (parser.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw wrong("true or false");
        };
    }

    private long whole(long least, long most) {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            long value = parser.getLongValue();
            if (value >= least && value <= most) {
                return value;
            }
        }
        throw wrong("a whole number from " + least + " to " + most);
    }

    private long unsigned() {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            BigInteger value = parser.getBigIntegerValue();
            if (value.signum() >= 0 && value.compareTo(UNSIGNED_MAX) <= 0) {
                return value.longValue();
            }
        }
        throw wrong("a whole number from 0 to " + UNSIGNED_MAX);
    }

    private float single() {
        requireNumber();
        boolean written = parser.isNaN();
        float value = parser.getFloatValue();
        if (!written && Float.isInfinite(value)) {
            throw wrong("a number of at most " + Float.MAX_VALUE);
        }
        return value;
    }

    private double real(double most) {
        requireNumber();
        boolean written = parser.isNaN();
        double value = parser.getDoubleValue();
        if (!written && Math.abs(value) > most) {
            throw wrong("a number of at most " + most);
        }
        return value;
    }

    private void requireNumber() {
        if (!parser.currentToken().isNumeric()) {
            throw wrong("a number");
        }
    }

    private InvalidInference wrong(String wanted) {
        return new InvalidInference(at() + " must be " + wanted + " for " + datatype);
    }

    private String at() {
        return "element " + (taken - 1) + " of '" + name + "'";
    }
}
