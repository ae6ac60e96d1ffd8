package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.protocol.Cases;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ClassificationTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', nullValues = "-", textBlock = """
            # type | shape | batched | data                        | n  | labels   | result shape | elements
            FP32   | 3     | false | 0.1,0.7,0.2                 | 2  | a,b,c    | 2            | 0.700000:1:b 0.200000:2:c
            FP32   | 2,2   | true | 1,2,4,3                     | 1  | -        | 2,1          | 2.000000:1 4.000000:0
            FP32   | 2,2   | false | 1,2,4,3                     | 2  | -        | 2            | 4.000000:2 3.000000:3
            FP32   | 2,2   | true | 1,2,4,3                     | 9  | -        | 2,2          | 2.000000:1 1.000000:0 4.000000:0 3.000000:1
            FP32   | 4     | false | NaN,-Infinity,Infinity,-0.0 | 4  | -        | 4            | inf:2 -0.000000:3 -inf:1 nan:0
            FP64   | 3     | false | 1e-9,0.0000005,0.0000015    | 3  | -        | 3            | 0.000002:2 0.000000:1 0.000000:0
            FP64   | 3     | false | 5,5,5                       | 2  | -        | 2            | 5.000000:0 5.000000:1
            INT64  | 2     | false | -9223372036854775808,7      | 2  | x        | 2            | 7:1 -9223372036854775808:0:x
            UINT64 | 2     | false | 1,18446744073709551615      | 2  | -        | 2            | 18446744073709551615:1 1:0
            BOOL   | 2     | false | false,true                  | 1  | no,yes   | 1            | 1:1:yes
            INT8   | 3     | false | -1,-128,127                 | 3  | -        | 3            | 127:2 -1:0 -128:1
            UINT8  | 2     | false | 255,1                       | 1  | -        | 1            | 255:0
            FP32   | 1     | false | 340282346638528860000000000000000000000 | 1 | - | 1          | 340282346638528859811704183484516925440.000000:0
            INT64  | 2     | true  | 1,0                         | 1  | -        | 2,1          | 1:0 0:0
            """)
    void theGreatestComeFirst(
            Datatype datatype,
            String shape,
            boolean batched,
            String data,
            int classes,
            String labels,
            String resultShape,
            String expected) {
        Tensor tensor = InferenceJson.readRequest(
                        ("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"%s\",\"shape\":[%s],\"data\":[%s]}]}")
                                .formatted(datatype, shape, data)
                                .getBytes(StandardCharsets.UTF_8))
                .inputs()
                .getFirst();

        Tensor result = Classification.of(tensor, batched, classes, labels == null ? null : List.of(labels.split(",")));

        assertThat(result.datatype()).isEqualTo(Datatype.BYTES);
        assertThat(result.name()).isEqualTo("x");
        assertThat(result.shape())
                .containsExactly(Arrays.stream(resultShape.split(","))
                        .mapToLong(Long::parseLong)
                        .toArray());
        assertThat(texts(result)).containsExactly(expected.split(" "));
    }

    @Test
    void anyRowIsSortedAsAWhole() {
        Cases.forAll(200, random -> {
            int count = 1 + random.nextInt(200);
            double[] values = random.doubles(count, -10, 10).map(Math::rint).toArray();
            ByteBuffer data = ByteBuffer.allocate(count * 8).order(ByteOrder.LITTLE_ENDIAN);
            for (double value : values) {
                data.putDouble(value);
            }
            int classes = 1 + random.nextInt(count);

            Tensor result = Classification.of(
                    new Tensor("x", Datatype.FP64, new long[] {count}, data.flip()), false, classes, null);

            assertThat(texts(result))
                    .isEqualTo(IntStream.range(0, count)
                            .boxed()
                            .sorted(Comparator.comparingDouble((Integer i) -> -(values[i] + 0.0)))
                            .limit(classes)
                            .map(i -> String.format(Locale.ROOT, "%f:%d", values[i], i))
                            .toList());
        });
    }

    @Test
    void anEmptyOutputHasNoClasses() {
        Tensor result = Classification.of(
                new Tensor("x", Datatype.FP32, new long[] {2, 0}, ByteBuffer.allocate(0)), true, 3, null);

        assertThat(result.shape()).containsExactly(2, 0);
        assertThat(result.data().limit()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"FP16", "BF16", "BYTES"})
    void othersCannotBeClassified(Datatype datatype) {
        assertThatThrownBy(() -> Classification.of(
                        new Tensor("x", datatype, new long[] {0}, ByteBuffer.allocate(0)), false, 1, null))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining("unsupported type '" + datatype + "'");
    }

    @Test
    void moreThanAMillionElementsAreRefused() {
        Tensor many = new Tensor("x", Datatype.INT8, new long[] {1_000_001}, ByteBuffer.allocate(1_000_001));

        assertThatThrownBy(() -> Classification.of(many, false, 1, null))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining("1000001 elements");
    }

    @Test
    void moreTextThanAnAnswerMayHaveIsRefused() {
        Tensor output = new Tensor("x", Datatype.INT8, new long[] {1_000}, ByteBuffer.allocate(1_000));
        List<String> labels = Collections.nCopies(1_000, "x".repeat(100_000));

        assertThatThrownBy(() -> Classification.of(output, false, 1_000, labels))
                .isInstanceOf(InvalidInference.class)
                .hasMessage("classification of output 'x' takes more than 67108864 bytes; ask for fewer classes");
        assertThat(texts(Classification.of(output, false, 600, labels))).hasSize(600);
    }

    @ParameterizedTest
    @CsvSource({"4.9e-324, 0.000000:0", "-4.9e-324, -0.000000:0", "2.4e-7, 0.000000:0", "5.000001e-7, 0.000001:0"})
    void smallNumbersAreRoundedToSixPlaces(double value, String text) {
        ByteBuffer data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(0, value);

        Tensor result = Classification.of(new Tensor("x", Datatype.FP64, new long[] {1}, data), false, 1, null);

        assertThat(texts(result)).containsExactly(text);
    }

    private static List<String> texts(Tensor tensor) {
        List<String> texts = new ArrayList<>();
        ByteBuffer data = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        while (data.hasRemaining()) {
            byte[] text = new byte[data.getInt()];
            data.get(text);
            texts.add(new String(text, StandardCharsets.UTF_8));
        }
        return texts;
    }
}
