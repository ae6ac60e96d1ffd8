package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.protocol.Cases;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonNumberTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "0.0",
                "-0.0e-5",
                "0e999999999999",
                "1e-999999999999",
                "1e999999999999",
                "-1e400",
                "16777217",
                "16777217.0000000000000000000000000001",
                "16777216.9999999999999999999999999999",
                "33554433",
                "33554435",
                "9007199254740993",
                "9007199254740993.0000000000000000000000001",
                "9007199254740992.9999999999999999999999999",
                "0.1",
                "0.10000000149011612",
                "0.12345678901234567",
                "1.7976931348623157e308",
                "1.7976931348623158e308",
                "1.7976931348623159e308",
                "3.4028234663852886e38",
                "3.4028235677973366e38",
                "3.4028235677973365e38",
                "340282356779733661637539395458142568447.9",
                "340282356779733661637539395458142568448",
                "2.2250738585072014e-308",
                "2.2250738585072011e-308",
                "4.9e-324",
                "2.4703282292062327e-324",
                "2.4703282292062328e-324",
                "1.1754943508222875e-38",
                "1.1754942807573643e-38",
                "1.401298464324817e-45",
                "7.006492321624085e-46",
                "7.006492321624086e-46",
                "123456789012345678",
                "1234567890123456789",
                "12345678901234567890",
                "0.000000000000000000000000000001234567890123456789",
                "123456789012345678901234567890e-20",
                "1E+2",
                "1e05",
                "12345678.12345678",
                "1.00000000",
                "1.000000000"
            })
    void floatsAreThoseOfTheJdk(String text) {
        requireEqual(text);
    }

    @Test
    void aMillionDigitsAreReadExactly() {
        requireEqual("0." + "3".repeat(1_000_000));
        requireEqual("16777217." + "0".repeat(100_000) + "1");
        requireEqual("0." + "0".repeat(100_050) + "1e100051");
        requireEqual("1" + "0".repeat(100_010) + "e-100008");
    }

    @Test
    void floatsOfAnyBitsReadBack() {
        Cases.forAll(100, random -> {
            for (int i = 0; i < 1_000; i++) {
                requireEqual(text(random));
            }
        });
    }

    /** All the ways in which numbers are printed, and those that lie half way between two floats or doubles. */
    private static String text(RandomGenerator random) {
        float single = Float.intBitsToFloat(random.nextInt() & 0xff7fffff);
        double wide = Double.longBitsToDouble(random.nextLong() & 0xffefffffffffffffL);
        return switch (random.nextInt(9)) {
            case 0 -> Float.toString(single);
            case 1 -> Double.toString(single);
            case 2 -> Double.toString(wide);
            case 3 ->
                new BigDecimal(single)
                        .add(new BigDecimal(Math.nextUp(single)))
                        .divide(BigDecimal.TWO)
                        .toString();
            case 4 -> middle(random.nextDouble()).toString();
            case 5 ->
                middle(random.nextDouble())
                        .add(new BigDecimal(BigInteger.ONE, 60))
                        .toPlainString();
            case 6 -> Double.toString(random.nextDouble() * Math.pow(10, random.nextInt(20)));
            case 7 -> random.nextLong() + "." + random.nextLong(Long.MAX_VALUE) + "e" + random.nextInt(-30, 30);
            default -> random.nextLong(10_000_000_000_000_000L, Long.MAX_VALUE) + "e" + random.nextInt(-45, 25);
        };
    }

    private static BigDecimal middle(double value) {
        return new BigDecimal(value).add(new BigDecimal(Math.nextUp(value))).divide(BigDecimal.TWO);
    }

    private static void requireEqual(String text) {
        JsonNumber number = number(text);

        assertThat(Float.floatToRawIntBits(number.toFloat()))
                .as(text)
                .isEqualTo(Float.floatToRawIntBits(Float.parseFloat(text)));
        assertThat(Double.doubleToRawLongBits(number.toDouble()))
                .as(text)
                .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(text)));
    }

    @Test
    void wholeNumbersAreExactOrDoNotFit() {
        Cases.forAll(5_000, random -> {
            BigInteger magnitude = new BigInteger(random.nextInt(70), new java.util.Random(random.nextLong()));
            String text = (random.nextBoolean() ? "-" : "") + magnitude;

            JsonNumber number = number(text);

            assertThat(number.whole()).isTrue();
            assertThat(number.fitsUnsigned()).as(text).isEqualTo(magnitude.bitLength() <= 64);
            if (number.fitsUnsigned()) {
                assertThat(number.magnitude()).as(text).isEqualTo(magnitude.longValue());
            }
        });
        for (String text : new String[] {"18446744073709551615", "18446744073709551616", "18446744073709551609"}) {
            assertThat(number(text).fitsUnsigned()).as(text).isEqualTo(new BigInteger(text).bitLength() <= 64);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "1.", "1.e5", "1e", "1e+", "-.5", "-a", "-NaN", "Infinit", "Nan", "INF"})
    void brokenNumbersAreRefused(String text) {
        assertThatThrownBy(() -> number(text))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining("at byte");
    }

    /** In the midst of other bytes, none of which it may look at. */
    private static JsonNumber number(String text) {
        byte[] bytes = ("77" + text + "88888888").getBytes(StandardCharsets.US_ASCII);
        JsonNumber number = new JsonNumber(bytes, 2, 2 + text.length());
        assertThat(number.scan(2)).as(text).isEqualTo(2 + text.length());
        return number;
    }
}
