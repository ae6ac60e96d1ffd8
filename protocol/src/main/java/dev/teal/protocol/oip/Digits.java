package dev.teal.protocol.oip;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Decimal digits, written eight at a time: nothing is allocated for a number, and there is no loop over its digits. */
final class Digits {
    /** So many bytes from a number's first on may be overwritten, however few it takes. */
    static final int ROOM = 28;

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ZEROS = 0x3030_3030_3030_3030L;
    private static final int EIGHT_DIGITS = 100_000_000;
    private static final int FLOAT_DIGITS = 9;
    private static final int DOUBLE_DIGITS = 17;
    private static final long[] POWERS = new long[19];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private Digits() {}

    /** Writes a whole number. @return the offset behind it */
    static int put(long value, byte[] to, int at) {
        if (value >= 0) {
            return whole(value, to, at);
        }
        to[at] = '-';
        return value == Long.MIN_VALUE ? putUnsigned(value, to, at + 1) : whole(-value, to, at + 1);
    }

    /** Takes all 64 bits as magnitude. */
    static int putUnsigned(long value, byte[] to, int at) {
        if (value >= 0) {
            return whole(value, to, at);
        }
        long front = (value >>> 1) / 5;
        int next = whole(front, to, at);
        to[next] = (byte) ('0' + (value - front * 10));
        return next + 1;
    }

    private static int whole(long value, byte[] to, int at) {
        if (value < EIGHT_DIGITS) {
            long digits = eight((int) value);
            int leading = Math.min(7, Long.numberOfTrailingZeros(digits) >>> 3);
            EIGHT.set(to, at, digits + ZEROS >>> (leading << 3));
            return at + 8 - leading;
        }
        long front = value / EIGHT_DIGITS;
        int next = whole(front, to, at);
        EIGHT.set(to, next, eight((int) (value - front * EIGHT_DIGITS)) + ZEROS);
        return next + 8;
    }

    /**
     * A byte for each of eight digits, the first in the lowest: fours, twos and single digits are parted side by side.
     *
     * @param value below 10^8
     */
    private static long eight(int value) {
        int front = value / 10_000;
        long fours = front | (long) (value - front * 10_000) << 32;
        long hundreds = fours * 5_243 >>> 19 & 0x7f_0000_007fL;
        long twos = hundreds | fours - hundreds * 100 << 16;
        long tens = twos * 103 >>> 10 & 0xf_000f_000f_000fL;
        return tens | twos - tens * 10 << 8;
    }

    /** Writes {@code digits * 10^exponent}, from 1 to 9 digits, as {@link Float#toString} lays numbers out. */
    static int put(int digits, int exponent, byte[] to, int at) {
        int count = count(digits);
        int all = digits * (int) POWERS[FLOAT_DIGITS - count];
        int first = all / EIGHT_DIGITS;
        return layOut(first, eight(all - first * EIGHT_DIGITS), 0, count + exponent, to, at);
    }

    /** Writes {@code digits * 10^exponent}, from 1 to 17 digits, as {@link Double#toString} lays numbers out. */
    static int put(long digits, int exponent, byte[] to, int at) {
        int count = count(digits);
        long all = digits * POWERS[DOUBLE_DIGITS - count];
        long front = all / EIGHT_DIGITS;
        int first = (int) (front / EIGHT_DIGITS);
        return layOut(
                first,
                eight((int) (front - (long) first * EIGHT_DIGITS)),
                eight((int) (all - front * EIGHT_DIGITS)),
                count + exponent,
                to,
                at);
    }

    /** @param value from 1 on */
    private static int count(long value) {
        int about = (Long.SIZE - Long.numberOfLeadingZeros(value)) * 1233 >>> 12;
        return value < POWERS[about] ? about : about + 1;
    }

    /**
     * @param high the eight digits behind the first, and {@code low} the eight behind those
     * @param point how many digits stand before the decimal point
     */
    private static int layOut(int first, long high, long low, int point, byte[] to, int at) {
        int significant = low != 0
                ? DOUBLE_DIGITS - (Long.numberOfLeadingZeros(low) >>> 3)
                : FLOAT_DIGITS - (Long.numberOfLeadingZeros(high) >>> 3);
        if (point > 0 && point <= 7) {
            to[at] = (byte) ('0' + first);
            EIGHT.set(to, at + 1, high + ZEROS);
            EIGHT.set(to, at + 1 + point, high + ZEROS >>> (point - 1 << 3));
            EIGHT.set(to, at + 10, low + ZEROS);
            to[at + point] = '.';
            return at + 1 + Math.max(significant, point + 1);
        }
        if (point > -3 && point <= 0) {
            EIGHT.set(to, at, ZEROS);
            to[at + 1] = '.';
            int next = at + 2 - point;
            to[next] = (byte) ('0' + first);
            EIGHT.set(to, next + 1, high + ZEROS);
            EIGHT.set(to, next + 9, low + ZEROS);
            return next + significant;
        }
        to[at] = (byte) ('0' + first);
        to[at + 1] = '.';
        EIGHT.set(to, at + 2, high + ZEROS);
        EIGHT.set(to, at + 10, low + ZEROS);
        int next = at + 1 + Math.max(significant, 2);
        to[next] = 'E';
        return put(point - 1L, to, next + 1);
    }
}
