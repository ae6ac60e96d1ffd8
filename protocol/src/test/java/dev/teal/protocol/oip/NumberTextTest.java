package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Cases;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NumberTextTest {
    private final byte[] bytes = new byte[64];

    @Test
    void floatsAreWrittenAsTheJdkWritesThem() {
        for (int exponent = 0; exponent < 512; exponent++) {
            for (int fraction : new int[] {0, 1, 2, 3, 7, 8, 9, 10, 0x400000, 0x7ffffe, 0x7fffff}) {
                requireFloat(Float.intBitsToFloat(exponent << 23 | fraction));
            }
        }
        for (float value = 1e-5f; value < 1e9f; value *= 1.01f) {
            requireFloat(value);
            requireFloat(Math.round(value));
        }
        Cases.forAll(50, random -> {
            for (int i = 0; i < 2_000; i++) {
                requireFloat(Float.intBitsToFloat(random.nextInt()));
                requireFloat(random.nextFloat());
                requireFloat(random.nextInt(1_000_000) / 1000f);
            }
        });
    }

    @Test
    void doublesAreWrittenAsTheJdkWritesThem() {
        for (long exponent = 0; exponent < 4096; exponent++) {
            for (long fraction : new long[] {0, 1, 2, 3, 4, 9, 10, 1L << 51, (1L << 52) - 2, (1L << 52) - 1}) {
                requireDouble(Double.longBitsToDouble(exponent << 52 | fraction));
            }
        }
        Cases.forAll(50, random -> {
            for (int i = 0; i < 1_500; i++) {
                requireDouble(Double.longBitsToDouble(random.nextLong()));
                requireDouble(random.nextDouble());
                requireDouble(random.nextInt(1_000_000) / 1000d);
                requireDouble(random.nextLong() >> random.nextInt(64));
            }
        });
    }

    @Test
    void wholeNumbersAreWrittenAsTheJdkWritesThem() {
        for (long value = 1; ; value *= 10) {
            requireWhole(value);
            requireWhole(value - 1);
            requireWhole(-value);
            if (value > Long.MAX_VALUE / 10) {
                break;
            }
        }
        requireWhole(Long.MIN_VALUE);
        requireWhole(Long.MAX_VALUE);
        requireWhole(-1);
        Cases.forAll(5_000, random -> requireWhole(random.nextLong() >> random.nextInt(64)));
    }

    private void requireFloat(float value) {
        assertThat(text(FloatText.put(value, bytes, 3))).isEqualTo(Float.toString(value));
    }

    private void requireDouble(double value) {
        assertThat(text(DoubleText.put(value, bytes, 3))).isEqualTo(Double.toString(value));
    }

    private void requireWhole(long value) {
        assertThat(text(Digits.put(value, bytes, 3))).isEqualTo(Long.toString(value));
        assertThat(text(Digits.putUnsigned(value, bytes, 3))).isEqualTo(Long.toUnsignedString(value));
    }

    private String text(int end) {
        return new String(bytes, 3, end - 3, StandardCharsets.US_ASCII);
    }
}
