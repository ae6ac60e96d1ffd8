package dev.teal.protocol.oip;

import java.nio.ByteBuffer;

/** Reads a tensor's {@code data}, flat or nested as the client likes: only the number of elements counts. */
final class ElementReader {
    private static final String UNSIGNED_MAX = Long.toUnsignedString(-1);

    private final JsonCursor cursor;
    private final TensorReader tensor;
    private final Datatype datatype;
    private final long count;
    private ByteBuffer out = NONE;
    private Staged staged = Staged.NOTHING;
    private boolean measuring;
    private long stringBytes;
    private long taken;

    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    /** @param tensor for messages, asked only for its name */
    ElementReader(JsonCursor cursor, TensorReader tensor, Datatype datatype, long count) {
        this.cursor = cursor;
        this.tensor = tensor;
        this.datatype = datatype;
        this.count = count;
    }

    ByteBuffer read(TensorAllocator memory) {
        cursor.requireArray("data");
        // An element takes at least a byte, so a shape that claims more is wrong before anything is allocated.
        if (count > cursor.remaining() || count * Math.max(4L, datatype.elementBytes()) > Integer.MAX_VALUE - 64) {
            throw new InvalidInference(
                    "'" + tensor.label() + "' has a shape of " + count + " elements, and fewer in 'data'");
        }
        if (datatype == Datatype.BYTES) {
            measure();
            out = memory.allocate((int) stringBytes);
        } else {
            out = memory.allocate((int) count * datatype.elementBytes());
            staged = new Staged(out);
        }
        elements();
        staged.flush();
        return out.flip();
    }

    /** Strings are read twice: their bytes are known only then. */
    private void measure() {
        int at = cursor.position();
        int level = cursor.depth();
        measuring = true;
        elements();
        measuring = false;
        taken = 0;
        cursor.back(at, level);
        if (stringBytes > Integer.MAX_VALUE - 64) {
            throw new InvalidInference("'" + tensor.label() + "' has more bytes than one tensor can hold");
        }
    }

    private void elements() {
        int outside = cursor.depth();
        if (cursor.beginArray()) {
            do {
                int token = cursor.token();
                if (token != '[') {
                    element(token);
                } else if (cursor.beginArray()) {
                    continue;
                }
                while (cursor.depth() > outside && !cursor.nextElement()) {
                    // the end of a nested array is behind an element of the one around it
                }
            } while (cursor.depth() > outside);
        }
        if (taken != count) {
            throw new InvalidInference("'" + tensor.label() + "' has a shape of " + count + " elements, and " + taken
                    + " in 'data'; make them agree");
        }
    }

    private void element(int token) {
        if (taken == count) {
            throw new InvalidInference("'" + tensor.label() + "' has a shape of " + count
                    + " elements, and more in 'data'; make them agree");
        }
        switch (datatype) {
            case FP32 -> staged.putInt(Float.floatToRawIntBits(single(token)));
            case FP64 -> staged.putLong(Double.doubleToRawLongBits(real(token, Double.MAX_VALUE)));
            case INT64 -> staged.putLong(whole(token, Long.MIN_VALUE, Long.MAX_VALUE));
            case INT32 -> staged.putInt((int) whole(token, Integer.MIN_VALUE, Integer.MAX_VALUE));
            case INT16 -> staged.putShort((short) whole(token, Short.MIN_VALUE, Short.MAX_VALUE));
            case INT8 -> staged.put((byte) whole(token, Byte.MIN_VALUE, Byte.MAX_VALUE));
            case UINT64 -> staged.putLong(unsigned(token));
            case UINT32 -> staged.putInt((int) whole(token, 0, 0xffff_ffffL));
            case UINT16 -> staged.putShort((short) whole(token, 0, 0xffff));
            case UINT8 -> staged.put((byte) whole(token, 0, 0xff));
            case FP16 -> staged.putShort(HalfFloats.toFp16(real(token, HalfFloats.MAX_FP16)));
            case BF16 -> staged.putShort(HalfFloats.toBf16(real(token, HalfFloats.MAX_BF16)));
            case BOOL -> staged.put((byte) (bool(token) ? 1 : 0));
            case BYTES -> string(token);
        }
        taken++;
    }

    private float single(int token) {
        JsonNumber number = number(token, "a number");
        float value = number.toFloat();
        if (Float.isInfinite(value) && number.finite()) {
            throw wrong("a number of at most " + Float.MAX_VALUE);
        }
        return value;
    }

    private double real(int token, double most) {
        JsonNumber number = number(token, "a number");
        double value = number.toDouble();
        if (Math.abs(value) > most && number.finite()) {
            throw wrong("a number of at most " + most);
        }
        return value;
    }

    private long whole(int token, long least, long most) {
        JsonNumber number = number(token, "a whole number");
        if (number.whole() && number.fitsUnsigned()) {
            long magnitude = number.magnitude();
            long value = number.negative() ? -magnitude : magnitude;
            // A magnitude beyond a long's has the wrong sign by now.
            boolean fits = magnitude >= 0 || number.negative() && magnitude == Long.MIN_VALUE;
            if (fits && value >= least && value <= most) {
                return value;
            }
        }
        throw wrong("a whole number from " + least + " to " + most);
    }

    private long unsigned(int token) {
        JsonNumber number = number(token, "a whole number");
        if (number.whole() && number.fitsUnsigned() && !(number.negative() && number.magnitude() != 0)) {
            return number.magnitude();
        }
        throw wrong("a whole number from 0 to " + UNSIGNED_MAX);
    }

    private JsonNumber number(int token, String wanted) {
        if (!JsonNumber.starts(token)) {
            throw other(wanted);
        }
        return cursor.number();
    }

    private boolean bool(int token) {
        if (token != 't' && token != 'f') {
            throw other("true or false");
        }
        return cursor.bool();
    }

    private void string(int token) {
        if (token != '"') {
            throw other("a string");
        }
        JsonString string = cursor.string();
        if (measuring) {
            stringBytes += Integer.BYTES + string.length();
        } else {
            out.putInt(string.length());
            string.to(out);
        }
    }

    /** A whole value of another kind, or no value at all. */
    private InvalidInference other(String wanted) {
        cursor.skipValue();
        return wrong(wanted);
    }

    private InvalidInference wrong(String wanted) {
        return new InvalidInference("element " + taken + " of '" + tensor.label() + "' must be " + wanted + " for "
                + datatype + ", before byte " + cursor.offset());
    }
}
