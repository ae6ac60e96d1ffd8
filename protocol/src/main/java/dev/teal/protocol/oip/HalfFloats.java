package dev.teal.protocol.oip;

/** The two 16-bit floats, rounded to nearest even in one step from the double that JSON gives. */
final class HalfFloats {
    /** Below this a number rounds to the greatest FP16, 65504, and not to infinity. */
    static final double MAX_FP16 = Math.nextDown(65520.0);

    /** The same of BF16: half a step above the greatest, {@code 0x7f7f}. */
    static final double MAX_BF16 = Math.nextDown(0x1.ffp127);

    private HalfFloats() {}

    static short toFp16(double value) {
        return Float.floatToFloat16(toOddFloat(value));
    }

    static float fromFp16(short bits) {
        return Float.float16ToFloat(bits);
    }

    static short toBf16(double value) {
        int bits = Float.floatToRawIntBits(toOddFloat(value));
        if (Double.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    static float fromBf16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /**
     * Rounds to odd: what a float can't hold leaves its last bit set. A second rounding, to fewer bits, then sees that something was there
     * and goes the way that one rounding would have gone.
     */
    private static float toOddFloat(double value) {
        float nearest = (float) value;
        if (nearest == value || Double.isNaN(value)) {
            return nearest;
        }
        float towardsZero = Math.abs((double) nearest) > Math.abs(value) ? Math.nextAfter(nearest, 0.0) : nearest;
        return Float.intBitsToFloat(Float.floatToRawIntBits(towardsZero) | 1);
    }
}
