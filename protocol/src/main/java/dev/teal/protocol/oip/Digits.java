package dev.teal.protocol.oip;

/** Decimal digits, written by hand into an array: nothing is allocated for a number. */
final class Digits {
    private static final long[] POWERS = new long[19];

    static {
        POWERS[0] = 1;
        for (int i = 1; i < POWERS.length; i++) {
            POWERS[i] = POWERS[i - 1] * 10;
        }
    }

    private Digits() {}

    /** @param value from 0 on */
    static int count(long value) {
        int about = (Long.SIZE - Long.numberOfLeadingZeros(value | 1)) * 1233 >>> 12;
        return about > 0 && value < POWERS[about] ? about : about + 1;
    }

    /** Writes a whole number. @return the offset behind it */
    static int put(long value, byte[] to, int at) {
        if (value >= 0) {
            return fixed(value, count(value), to, at);
        }
        to[at] = '-';
        return value == Long.MIN_VALUE ? putUnsigned(value, to, at + 1) : fixed(-value, count(-value), to, at + 1);
    }

    /** Takes all 64 bits as magnitude. */
    static int putUnsigned(long value, byte[] to, int at) {
        if (value >= 0) {
            return fixed(value, count(value), to, at);
        }
        long front = (value >>> 1) / 5;
        int next = fixed(front, count(front), to, at);
        to[next] = (byte) ('0' + (value - front * 10));
        return next + 1;
    }

    /** Writes exactly so many digits, with zeros in front. */
    private static int fixed(long value, int digits, byte[] to, int at) {
        long left = value;
        for (int i = at + digits - 1; i >= at; i--) {
            long rest = left / 10;
            to[i] = (byte) ('0' + (left - rest * 10));
            left = rest;
        }
        return at + digits;
    }

    /** Writes {@code digits * 10^exponent}, which is above 0, as {@link Double#toString} lays numbers out. */
    static int put(long digits, int exponent, byte[] to, int at) {
        long significant = digits;
        int power = exponent;
        while (true) {
            long rest = significant / 10;
            if (rest * 10 != significant) {
                break;
            }
            significant = rest;
            power++;
        }
        int count = count(significant);
        int point = count + power;
        if (point > 0 && point <= 7) {
            return plain(significant, count, point, to, at);
        }
        if (point > -3 && point <= 0) {
            to[at] = '0';
            to[at + 1] = '.';
            return fixed(significant, count - point, to, at + 2);
        }
        return scientific(significant, count, point - 1, to, at);
    }

    private static int plain(long significant, int count, int point, byte[] to, int at) {
        if (count <= point) {
            int next = fixed(significant * POWERS[point - count], point, to, at);
            to[next] = '.';
            to[next + 1] = '0';
            return next + 2;
        }
        long whole = significant / POWERS[count - point];
        int next = fixed(whole, point, to, at);
        to[next] = '.';
        return fixed(significant - whole * POWERS[count - point], count - point, to, next + 1);
    }

    private static int scientific(long significant, int count, int exponent, byte[] to, int at) {
        long first = significant / POWERS[count - 1];
        to[at] = (byte) ('0' + first);
        to[at + 1] = '.';
        int next = fixed(significant - first * POWERS[count - 1], Math.max(1, count - 1), to, at + 2);
        to[next] = 'E';
        return put(exponent, to, next + 1);
    }
}
