package dev.teal.protocol.oip;

import java.math.BigInteger;

/**
 * The multipliers of Schubfach (Raffaello Giulietti, "The Schubfach way to render doubles"): {@code 10^-k = b * 2^r} with
 * {@code 2^125 <= b < 2^126}, and {@code g = floor(b) + 1} is split into the upper and the lower 63 bits.
 */
final class PowersOfTen {
    private static final BigInteger LOW = BigInteger.ONE.shiftLeft(63).subtract(BigInteger.ONE);

    private final int least;
    private final long[] upper;
    private final long[] lower;

    PowersOfTen(int least, int most) {
        this.least = least;
        this.upper = new long[most - least + 1];
        this.lower = new long[upper.length];
        for (int k = least; k <= most; k++) {
            BigInteger multiplier = multiplier(k);
            upper[k - least] = multiplier.shiftRight(63).longValue();
            lower[k - least] = multiplier.and(LOW).longValue();
        }
    }

    private static BigInteger multiplier(int k) {
        BigInteger power = BigInteger.TEN.pow(Math.abs(k));
        BigInteger floor;
        if (k <= 0) {
            int shift = 126 - power.bitLength();
            floor = shift >= 0 ? power.shiftLeft(shift) : power.shiftRight(-shift);
        } else {
            floor = BigInteger.ONE.shiftLeft(125 + power.bitLength()).divide(power);
        }
        return floor.add(BigInteger.ONE);
    }

    long upper(int k) {
        return upper[k - least];
    }

    long lower(int k) {
        return lower[k - least];
    }

    /** {@code floor(log10(2^e))} */
    static int log10OfPowerOf2(int e) {
        return (int) (e * 661_971_961_083L >> 41);
    }

    /** {@code floor(log10(3/4 * 2^e))} */
    static int log10OfThreeQuarters(int e) {
        return (int) (e * 661_971_961_083L - 274_743_187_321L >> 41);
    }

    /** {@code floor(log2(10^e))} */
    static int log2OfPowerOf10(int e) {
        return (int) (e * 913_124_641_741L >> 38);
    }
}
