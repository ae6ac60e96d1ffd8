package dev.teal.protocol.oip;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The number that was scanned last. Its floats are those of {@link Float#parseFloat} and {@link Double#parseDouble}, bit for bit: where the
 * short way can't be sure of the last bit, those are asked.
 */
final class JsonNumber {
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ZEROS = 0x3030_3030_3030_3030L;
    private static final int[] TENS = {1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000};

    /** So many decimal digits always fit a long. */
    private static final int MAX_DIGITS = 18;

    /** An exponent from here on is not counted, and leaves the number to the long way. */
    private static final int MAX_EXPONENT = 100_000;

    private static final int UNCOUNTED = 1 << 30;

    private final byte[] bytes;
    private final int start;
    private final int end;

    private int from;
    private int next;
    private boolean negative;
    private boolean whole;
    private boolean finite;
    private boolean exact;
    private int wholeDigits;
    private long digits;
    private int exponent;

    /** @param start of the JSON, from which messages count */
    JsonNumber(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
    }

    static boolean starts(int token) {
        return token >= '0' && token <= '9' || token == '-' || token == 'N' || token == 'I';
    }

    /** @param at its first byte. @return the offset behind its last */
    int scan(int at) {
        from = at;
        negative = bytes[at] == '-';
        int first = negative ? at + 1 : at;
        int p = first;
        long value = 0;
        int digit = digit(p);
        if (digit > 0) {
            do {
                value = value * 10 + digit;
                digit = digit(++p);
            } while (digit >= 0);
        } else if (digit == 0) {
            p++;
        } else {
            return word(p);
        }
        finite = true;
        wholeDigits = p - first;
        int fraction = 0;
        if (p < end && bytes[p] == '.') {
            int point = ++p;
            int taken = Long.BYTES;
            while (taken == Long.BYTES && end - p >= Long.BYTES) {
                long chunk = (long) EIGHT.get(bytes, p);
                taken = leadingDigits(chunk);
                value = value * TENS[taken] + eightDigits(last(chunk, taken));
                p += taken;
            }
            // Near the end of the bytes, one by one
            for (digit = taken == Long.BYTES ? digit(p) : -1; digit >= 0; digit = digit(++p)) {
                value = value * 10 + digit;
            }
            fraction = p - point;
            if (fraction == 0) {
                throw unexpected(p, "a digit");
            }
        }
        digits = value;
        exponent = -fraction;
        exact = true;
        whole = fraction == 0;
        if (p < end && (bytes[p] | 0x20) == 'e') {
            p = exponent(p + 1);
        }
        if (wholeDigits + fraction > MAX_DIGITS) {
            readLong(first);
        }
        next = p;
        return p;
    }

    private int digit(int at) {
        int digit = at < end ? bytes[at] - '0' : -1;
        return digit > 9 ? -1 : digit;
    }

    /** How many of the eight bytes are digits before the first that is none. A carry only ever goes to bytes behind that one. */
    private static int leadingDigits(long chunk) {
        long values = chunk ^ ZEROS;
        long others = (values + 0x0606_0606_0606_0606L | values) & 0xf0f0_f0f0_f0f0_f0f0L;
        return Long.numberOfTrailingZeros(others) >>> 3;
    }

    /** The first so many digits moved to the end, behind zeros. */
    private static long last(long chunk, int count) {
        int bits = count << 3;
        return count == 0 ? ZEROS : count == Long.BYTES ? chunk : chunk << 64 - bits | ZEROS >>> bits;
    }

    /** Eight digits in three multiplications: pairs, then fours, then all. */
    private static long eightDigits(long chunk) {
        long pairs = chunk - 0x3030_3030_3030_3030L;
        pairs = pairs * 10 + (pairs >>> 8);
        return (pairs & 0x0000_00ff_0000_00ffL) * 0x000f_4240_0000_0064L
                        + (pairs >>> 16 & 0x0000_00ff_0000_00ffL) * 0x0000_2710_0000_0001L
                >>> 32;
    }

    private int exponent(int at) {
        int p = at;
        boolean minus = p < end && bytes[p] == '-';
        if (minus || p < end && bytes[p] == '+') {
            p++;
        }
        int digit = digit(p);
        if (digit < 0) {
            throw unexpected(p, "a digit");
        }
        int value = 0;
        for (; digit >= 0; digit = digit(++p)) {
            value = Math.min(MAX_EXPONENT, value * 10 + digit);
        }
        exponent = value == MAX_EXPONENT ? UNCOUNTED : exponent + (minus ? -value : value);
        whole = false;
        return p;
    }

    /** Again, for the first digits of many: without the zeros in front, and the rest only counted. */
    private void readLong(int first) {
        long value = 0;
        int taken = 0;
        boolean dropped = false;
        for (int p = first; p < end; p++) {
            int digit = digit(p);
            if (digit < 0) {
                if (bytes[p] != '.') {
                    break;
                }
            } else if (taken < MAX_DIGITS) {
                value = value * 10 + digit;
                taken += value == 0 ? 0 : 1;
            } else {
                dropped |= digit != 0;
                exponent++;
            }
        }
        digits = value;
        exact = !dropped;
    }

    private int word(int at) {
        if (is("Infinity", at)) {
            digits = 1;
            next = at + 8;
        } else if (!negative && is("NaN", at)) {
            digits = 0;
            next = at + 3;
        } else {
            throw unexpected(at, negative ? "a digit" : "a value");
        }
        finite = false;
        whole = false;
        return next;
    }

    private boolean is(String word, int at) {
        if (end - at < word.length()) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (bytes[at + i] != word.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private InvalidInference unexpected(int at, String wanted) {
        return JsonFault.unexpected(at - start, at < end ? bytes[at] & 0xff : -1, wanted);
    }

    /** Whether it has neither a fraction nor an exponent. */
    boolean whole() {
        return whole;
    }

    /** Whether it is none of the words NaN, Infinity and -Infinity. */
    boolean finite() {
        return finite;
    }

    boolean negative() {
        return negative;
    }

    /** Whether a whole number's magnitude is one of an unsigned long: {@link #magnitude}. */
    boolean fitsUnsigned() {
        if (wholeDigits <= 19) {
            return true;
        }
        if (wholeDigits > 20) {
            return false;
        }
        return Long.compareUnsigned(front(), Long.divideUnsigned(-1, 10)) < 0
                || front() == Long.divideUnsigned(-1, 10) && last() <= 5;
    }

    /** Of a whole number, unsigned. */
    long magnitude() {
        return wholeDigits <= MAX_DIGITS ? digits : front() * 10 + last();
    }

    private long front() {
        long value = 0;
        for (int p = next - wholeDigits; p < next - 1; p++) {
            value = value * 10 + bytes[p] - '0';
        }
        return value;
    }

    private int last() {
        return bytes[next - 1] - '0';
    }

    /** Infinite where it is too great. */
    float toFloat() {
        if (!finite) {
            return (float) wordValue();
        }
        if (digits == 0) {
            return negative ? -0f : 0f;
        }
        float near = Decimals.toFloat(digits, exponent);
        if (!Float.isNaN(near)) {
            return negative ? -near : near;
        }
        return Float.parseFloat(text());
    }

    /** Infinite where it is too great. */
    double toDouble() {
        if (!finite) {
            return wordValue();
        }
        if (digits == 0) {
            return negative ? -0d : 0d;
        }
        double near = exact ? Decimals.toDouble(digits, exponent) : Double.NaN;
        if (!Double.isNaN(near)) {
            return negative ? -near : near;
        }
        return Double.parseDouble(text());
    }

    private double wordValue() {
        if (digits == 0) {
            return Double.NaN;
        }
        return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }

    private String text() {
        return new String(bytes, from, next - from, StandardCharsets.ISO_8859_1);
    }
}
