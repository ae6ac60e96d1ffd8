package dev.teal.protocol.oip;

/** Floats that are nearest to a decimal, where arithmetic on doubles can tell; NaN where it can't and the long way must be gone. */
final class Decimals {
    /** Up to 10^22 these are exact, beyond nearest. */
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22, 1e23, 1e24, 1e25, 1e26, 1e27, 1e28, 1e29, 1e30, 1e31, 1e32, 1e33, 1e34, 1e35, 1e36, 1e37,
        1e38, 1e39, 1e40, 1e41, 1e42, 1e43, 1e44, 1e45, 1e46, 1e47, 1e48, 1e49, 1e50, 1e51, 1e52, 1e53, 1e54, 1e55
    };

    private static final int EXACT_POWER = 22;

    /** The part of a double's fraction that a float has not, and that part half way between two floats. */
    private static final int BELOW_FLOAT = 0x1fff_ffff;

    private static final int HALF_FLOAT = 0x1000_0000;

    private Decimals() {}

    /** Nearest to {@code digits * 10^exponent}, also where less than one part in 10^17 was cut off; digits from 1 to 10^18. */
    static float toFloat(long digits, int exponent) {
        if (exponent <= -POWERS.length || exponent >= POWERS.length) {
            return Float.NaN;
        }
        // Off by 4 of its last units at most, so that it tells the float unless it lies so near to the middle between
        // two.
        double near = exponent < 0 ? digits / POWERS[-exponent] : digits * POWERS[exponent];
        int below = (int) Double.doubleToRawLongBits(near) & BELOW_FLOAT;
        return Math.abs(below - HALF_FLOAT) > 8 && near >= Float.MIN_NORMAL ? (float) near : Float.NaN;
    }

    /** Nearest to {@code digits * 10^exponent} and nothing more; digits from 1 to 10^18. */
    static double toDouble(long digits, int exponent) {
        if (exponent < -EXACT_POWER || exponent > EXACT_POWER) {
            return Double.NaN;
        }
        return digits <= 1L << 53 ? simple(digits, exponent) : inTwoParts(digits, exponent);
    }

    /** One operation on two exact doubles, so rounded once (Clinger's short way). */
    private static double simple(long digits, int exponent) {
        return exponent < 0 ? digits / POWERS[-exponent] : digits * POWERS[exponent];
    }

    /** With twice the bits of a double, and a bound on what even they leave in doubt. */
    private static double inTwoParts(long digits, int exponent) {
        double high = digits;
        double low = digits - (long) high;
        double power = POWERS[Math.abs(exponent)];
        double near = exponent < 0 ? high / power : high * power;
        double rest = exponent < 0
                ? (Math.fma(-near, power, high) + low) / power
                : Math.fma(high, power, -near) + low * power;
        double doubt = near * 0x1p-100;
        double least = near + (rest - doubt);
        return least == near + (rest + doubt) ? least : Double.NaN;
    }
}
