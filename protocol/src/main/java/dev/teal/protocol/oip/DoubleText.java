package dev.teal.protocol.oip;

/** Doubles as {@link Double#toString} has them; see {@link FloatText}, which is the same in ints where this is in longs: half the digits, and quicker for it. */
final class DoubleText {
    private static final int LEAST_EXPONENT = -1074;
    private static final long IMPLICIT_BIT = 1L << 52;
    private static final long FRACTION = IMPLICIT_BIT - 1;
    private static final PowersOfTen POWERS = new PowersOfTen(-324, 292);

    private DoubleText() {}

    /** @param to with {@link Digits#ROOM} at the offset. @return the offset behind it */
    static int put(double value, byte[] to, int at) {
        long bits = Double.doubleToRawLongBits(value);
        long fraction = bits & FRACTION;
        int biased = (int) (bits >>> 52) & 0x7ff;
        if (biased == 0x7ff && fraction != 0) {
            return FloatText.word(FloatText.NAN, to, at);
        }
        int next = at;
        if (bits < 0) {
            to[next++] = '-';
        }
        if (biased == 0x7ff) {
            return FloatText.word(FloatText.INFINITY, to, next);
        }
        if (biased == 0) {
            return fraction == 0 ? FloatText.zero(to, next) : subnormal(fraction, to, next);
        }
        int q = biased + LEAST_EXPONENT - 1;
        long c = fraction | IMPLICIT_BIT;
        if (q < 0 && q > -53 && c >> -q << -q == c) {
            return Digits.put(c >> -q, 0, to, next);
        }
        return decimal(q, c, 0, to, next);
    }

    private static int subnormal(long fraction, byte[] to, int at) {
        return fraction < 3
                ? decimal(LEAST_EXPONENT, 10 * fraction, -1, to, at)
                : decimal(LEAST_EXPONENT, fraction, 0, to, at);
    }

    private static int decimal(int q, long c, int shift, byte[] to, int at) {
        long out = c & 1;
        long middle = c << 2;
        boolean regular = c != IMPLICIT_BIT || q == LEAST_EXPONENT;
        int k = regular ? PowersOfTen.log10OfPowerOf2(q) : PowersOfTen.log10OfThreeQuarters(q);
        int h = q + PowersOfTen.log2OfPowerOf10(-k) + 2;
        long upper = POWERS.upper(k);
        long lower = POWERS.lower(k);
        long vb = roundToOdd(upper, lower, middle << h);
        long left = roundToOdd(upper, lower, middle - (regular ? 2 : 1) << h) + out;
        long right = roundToOdd(upper, lower, middle + 2 << h) - out;
        long s = vb >> 2;
        if (s >= 100) {
            long tens = s / 10 * 10;
            boolean under = left <= tens << 2;
            boolean over = tens + 10 << 2 <= right;
            if (under != over) {
                return Digits.put(under ? tens : tens + 10, k, to, at);
            }
        }
        boolean under = left <= s << 2;
        boolean over = s + 1 << 2 <= right;
        long nearer = vb - (s + s + 1 << 1);
        boolean down = under != over ? under : nearer < 0 || nearer == 0 && (s & 1) == 0;
        return Digits.put(down ? s : s + 1, k + shift, to, at);
    }

    private static long roundToOdd(long upper, long lower, long cp) {
        long low = Math.multiplyHigh(lower, cp);
        long middle = upper * cp;
        long high = Math.multiplyHigh(upper, cp);
        long z = (middle >>> 1) + low;
        long product = high + (z >>> 63);
        return product | (z & Long.MAX_VALUE) + Long.MAX_VALUE >>> 63;
    }
}
