package dev.teal.protocol.oip;

import java.nio.charset.StandardCharsets;

/**
 * Floats as {@link Float#toString} has them, the shortest decimal that reads back as the same, written without an object for each. The
 * method is Schubfach, in the terms of its paper.
 */
final class FloatText {
    private static final int LEAST_EXPONENT = -149;
    private static final int IMPLICIT_BIT = 1 << 23;
    private static final int FRACTION = IMPLICIT_BIT - 1;
    private static final PowersOfTen POWERS = new PowersOfTen(-46, 32);
    static final byte[] NAN = "NaN".getBytes(StandardCharsets.US_ASCII);
    static final byte[] INFINITY = "Infinity".getBytes(StandardCharsets.US_ASCII);

    private FloatText() {}

    /** @param to with {@link Digits#ROOM} at the offset. @return the offset behind it */
    static int put(float value, byte[] to, int at) {
        int bits = Float.floatToRawIntBits(value);
        int fraction = bits & FRACTION;
        int biased = bits >>> 23 & 0xff;
        if (biased == 0xff && fraction != 0) {
            return word(NAN, to, at);
        }
        int next = at;
        if (bits < 0) {
            to[next++] = '-';
        }
        if (biased == 0xff) {
            return word(INFINITY, to, next);
        }
        if (biased == 0) {
            return fraction == 0 ? zero(to, next) : subnormal(fraction, to, next);
        }
        int q = biased + LEAST_EXPONENT - 1;
        int c = fraction | IMPLICIT_BIT;
        if (q < 0 && q > -24 && c >> -q << -q == c) {
            return Digits.put(c >> -q, 0, to, next);
        }
        return decimal(q, c, 0, to, next);
    }

    static int word(byte[] word, byte[] to, int at) {
        System.arraycopy(word, 0, to, at, word.length);
        return at + word.length;
    }

    static int zero(byte[] to, int at) {
        to[at] = '0';
        to[at + 1] = '.';
        to[at + 2] = '0';
        return at + 3;
    }

    /** The very smallest are taken times ten, so that two digits can be told apart. */
    private static int subnormal(int fraction, byte[] to, int at) {
        return fraction < 8
                ? decimal(LEAST_EXPONENT, 10 * fraction, -1, to, at)
                : decimal(LEAST_EXPONENT, fraction, 0, to, at);
    }

    /** {@code c * 2^q}, and {@code 10^shift} of that. */
    private static int decimal(int q, int c, int shift, byte[] to, int at) {
        int out = c & 1;
        long middle = (long) c << 2;
        boolean regular = c != IMPLICIT_BIT || q == LEAST_EXPONENT;
        int k = regular ? PowersOfTen.log10OfPowerOf2(q) : PowersOfTen.log10OfThreeQuarters(q);
        int h = q + PowersOfTen.log2OfPowerOf10(-k) + 33;
        long g = POWERS.upper(k) + 1;
        int vb = roundToOdd(g, middle << h);
        int left = roundToOdd(g, middle - (regular ? 2 : 1) << h) + out;
        int right = roundToOdd(g, middle + 2 << h) - out;
        int s = vb >> 2;
        if (s >= 100) {
            int tens = s / 10 * 10;
            boolean under = left <= tens << 2;
            boolean over = tens + 10 << 2 <= right;
            if (under != over) {
                return Digits.put(under ? tens : tens + 10, k, to, at);
            }
        }
        boolean under = left <= s << 2;
        boolean over = s + 1 << 2 <= right;
        int nearer = vb - (s + s + 1 << 1);
        boolean down = under != over ? under : nearer < 0 || nearer == 0 && (s & 1) == 0;
        return Digits.put(down ? s : s + 1, k + shift, to, at);
    }

    private static int roundToOdd(long g, long cp) {
        long product = Math.multiplyHigh(g, cp);
        return (int) (product >>> 31 | (product & 0x7fff_ffffL) + 0x7fff_ffffL >>> 31);
    }
}
