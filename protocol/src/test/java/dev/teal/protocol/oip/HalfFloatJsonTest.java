package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Golden samples, our own format, may have as numbers what requests may not. */
class HalfFloatJsonTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            FP16 | 65504         | 7bff
            FP16 | 65519.999     | 7bff
            FP16 | 1.00048828125 | 3c00
            FP16 | 1.000488281250001 | 3c01
            FP16 | -0.0          | 8000
            FP16 | 5.9e-8        | 0001
            FP16 | Infinity      | 7c00
            BF16 | 1.00390625    | 3f80
            BF16 | 1.0039062500000001 | 3f80
            BF16 | 1.00390625000001   | 3f81
            BF16 | NaN           | 7fc0
            BF16 | -Infinity     | ff80
            BF16 | 3.3895314e38  | 7f7f
            """)
    void halfFloatsRoundOnceToNearestEven(Datatype datatype, String number, String bits) {
        Tensor tensor = golden(datatype, "[" + number + "]");

        assertThat(String.format(Locale.ROOT, "%04x", tensor.data().getShort(0)))
                .isEqualTo(bits);
    }

    @ParameterizedTest
    @CsvSource({"FP16, 65520", "BF16, 3.4e38"})
    void halfFloatsHaveTheirOwnRange(Datatype datatype, String number) {
        assertThatThrownBy(() -> golden(datatype, "[" + number + "]"))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining("must be a number of at most");
    }

    private static Tensor golden(Datatype datatype, String data) {
        String tensor = "[{\"name\":\"x\",\"datatype\":\"%s\",\"shape\":[1],\"data\":%s}]".formatted(datatype, data);
        String samples = "[{\"inputs\":%s,\"outputs\":%s}]".formatted(tensor, tensor);
        return GoldenSamples.read(samples.getBytes(StandardCharsets.UTF_8))
                .getFirst()
                .inputs()
                .getFirst();
    }
}
