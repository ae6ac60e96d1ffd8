package dev.teal.worker.run.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Cases;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LikenessTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            # alone,  together,   same
            1,        1.00001,    true
            1,        1.01,       false
            1e-6,     1.0001e-6,  true
            1e-6,     2e-6,       false
            -1e-6,    1e-6,       false
            1e-30,    -1e-30,     false
            1e-44,    3e-44,      false
            1e6,      1.0005e6,   true
            1e6,      1.005e6,    false
            0,        0,          true
            0,        -0.0,       true
            0,        1e-9,       false
            1e-9,     0,          false
            NaN,      NaN,        true
            NaN,      1,          false
            1,        NaN,        false
            Infinity, Infinity,   true
            Infinity, -Infinity,  false
            1e30,     Infinity,   false
            """)
    void whatIsNearIsAMatterOfTheOutputsOwnSize(float alone, float together, boolean same) {
        assertThat(Likeness.same(List.of(floats(alone)), List.of(floats(together))))
                .isEqualTo(same);
    }

    @Test
    void whatIsLeftWhereLargeNumbersCancelOutIsNoMixture() {
        assertThat(Likeness.same(List.of(floats(0.9f, 1e-7f)), List.of(floats(0.9f, 3e-7f))))
                .isTrue();
        assertThat(Likeness.same(List.of(floats(0.9f, 1e-2f)), List.of(floats(0.9f, 3e-2f))))
                .isFalse();
        assertThat(Likeness.same(List.of(floats(1e-7f), floats(0.9f)), List.of(floats(3e-7f), floats(0.9f))))
                .as("the size is that of all requests")
                .isTrue();
    }

    @Test
    void marksAreNotTakenForASize() {
        assertThat(Likeness.same(List.of(floats(-3e38f, 0.5f)), List.of(floats(-3e38f, 0.6f))))
                .isFalse();
        assertThat(Likeness.same(List.of(floats(Float.NaN, 1e-6f)), List.of(floats(Float.NaN, 2e-6f))))
                .isFalse();
    }

    @Test
    void roundingOfShortFloatsIsNoMixtureAtAnySize() {
        Cases.forAll(10_000, random -> {
            float scale = (float) Math.pow(10, random.nextDouble(-7, 4));
            for (Datatype datatype : List.of(Datatype.FP16, Datatype.BF16)) {
                Tensor alone = shorts(datatype, scale, 0);
                Tensor rounded = moved(random, alone, 2);

                assertThat(Likeness.same(List.of(alone), List.of(rounded)))
                        .as("%s at %s", datatype, scale)
                        .isTrue();
            }
        });
    }

    @Test
    void aMixtureOfShortFloatsIsSeenAtAnySize() {
        Cases.forAll(10_000, random -> {
            float scale = (float) Math.pow(10, random.nextDouble(-5, 4));
            for (Datatype datatype : List.of(Datatype.FP16, Datatype.BF16)) {
                Tensor alone = shorts(datatype, scale, 0);
                Tensor mixed = shorts(datatype, scale, 0.5f);

                assertThat(Likeness.same(List.of(alone), List.of(mixed)))
                        .as("%s at %s", datatype, scale)
                        .isFalse();
            }
        });
    }

    @Test
    void wholeNumbersAndStringsAreTheSameOrNot() {
        assertThat(Likeness.same(List.of(longs(1_000_000)), List.of(longs(1_000_000))))
                .isTrue();
        assertThat(Likeness.same(List.of(longs(1_000_000)), List.of(longs(1_000_001))))
                .isFalse();
        assertThat(Likeness.same(List.of(text("a")), List.of(text("a")))).isTrue();
        assertThat(Likeness.same(List.of(text("a")), List.of(text("b")))).isFalse();
    }

    /** Eight numbers between half a scale and a scale, and all of them moved. */
    private static Tensor shorts(Datatype datatype, float scale, float moved) {
        ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 8; i++) {
            float value = scale * (0.5f + i / 16f - moved);
            data.putShort(
                    datatype == Datatype.FP16
                            ? Float.floatToFloat16(value)
                            : (short) (Float.floatToRawIntBits(value) >>> 16));
        }
        return new Tensor("y", datatype, new long[] {8}, data.flip());
    }

    /** Each by so many places of its last bit at most. */
    private static Tensor moved(RandomGenerator random, Tensor tensor, int places) {
        ByteBuffer data = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 8; i++) {
            data.putShort((short) Math.max(0, tensor.data().getShort(i * 2) + random.nextInt(-places, places + 1)));
        }
        return new Tensor("y", tensor.datatype(), tensor.shape(), data.flip());
    }

    private static Tensor floats(float... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            data.putFloat(value);
        }
        return new Tensor("y", Datatype.FP32, new long[] {values.length}, data.flip());
    }

    private static Tensor longs(long value) {
        ByteBuffer data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
        return new Tensor("y", Datatype.INT64, new long[] {1}, data.flip());
    }

    private static Tensor text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        ByteBuffer data = ByteBuffer.allocate(4 + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
        return new Tensor(
                "y",
                Datatype.BYTES,
                new long[] {1},
                data.putInt(bytes.length).put(bytes).flip());
    }
}
