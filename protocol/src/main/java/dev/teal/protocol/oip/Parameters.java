package dev.teal.protocol.oip;

/** Values of {@code parameters}: a string, a truth value, an INT64 or a double each; those with a meaning have one kind only. */
final class Parameters {
    static final byte[][] NONE = {};

    private Parameters() {}

    /** @return whether there are any: null is none */
    static boolean present(JsonCursor cursor) {
        if (cursor.token() == 'n') {
            cursor.skipValue();
            return false;
        }
        return true;
    }

    static boolean flag(JsonCursor cursor, String name) {
        int token = cursor.token();
        if (token != 't' && token != 'f') {
            throw other(cursor, name, "true or false");
        }
        return cursor.bool();
    }

    static long unsigned(JsonCursor cursor, String name, long least, long most) {
        String wanted = "a whole number from " + least + " to " + most;
        if (!JsonNumber.starts(cursor.token())) {
            throw other(cursor, name, wanted);
        }
        JsonNumber number = cursor.number();
        boolean fits = number.whole() && number.fitsUnsigned() && !(number.negative() && number.magnitude() != 0);
        if (!fits || number.magnitude() < least || number.magnitude() > most) {
            throw new InvalidInference("parameter '" + name + "' must be " + wanted);
        }
        return number.magnitude();
    }

    /** An unsigned number of 64 bits; from 2^63 on it is the greatest long, which is as far in any line and as long as ever waits. */
    static long unsigned64(JsonCursor cursor, String name) {
        String wanted = "a whole number from 0 to 18446744073709551615";
        if (!JsonNumber.starts(cursor.token())) {
            throw other(cursor, name, wanted);
        }
        JsonNumber number = cursor.number();
        if (!number.whole() || !number.fitsUnsigned() || number.negative() && number.magnitude() != 0) {
            throw new InvalidInference("parameter '" + name + "' must be " + wanted);
        }
        return number.magnitude() < 0 ? Long.MAX_VALUE : number.magnitude();
    }

    /** One without a meaning here. */
    static void custom(JsonCursor cursor, String name) {
        if (name.startsWith("triton_")) {
            throw new InvalidInference(
                    "parameter keys starting with 'triton_' are reserved and should not be specified;" + " leave out '"
                            + name + "'");
        }
        if (name.startsWith("shared_memory_")) {
            throw new InvalidInference("'" + name + "' is not supported: shared memory would bind a client to this"
                    + " machine; send the elements as 'data' or as binary data");
        }
        int token = cursor.token();
        if (token == '"') {
            cursor.string();
        } else if (token == 't' || token == 'f') {
            cursor.bool();
        } else if (!JsonNumber.starts(token) || !isNumber(cursor.number())) {
            if (!JsonNumber.starts(token)) {
                cursor.skipValue();
            }
            throw new InvalidInference(
                    "parameter '" + name + "' must be a string, true or false, a 64-bit whole number or a double");
        }
    }

    private static boolean isNumber(JsonNumber number) {
        if (!number.whole()) {
            return !(number.finite() && Double.isInfinite(number.toDouble()));
        }
        return number.fitsUnsigned()
                && (number.magnitude() >= 0 || number.negative() && number.magnitude() == Long.MIN_VALUE);
    }

    private static InvalidInference other(JsonCursor cursor, String name, String wanted) {
        cursor.skipValue();
        return new InvalidInference("parameter '" + name + "' must be " + wanted);
    }
}
