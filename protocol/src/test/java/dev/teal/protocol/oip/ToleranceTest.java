package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToleranceTest {
    private static final Tolerance TOLERANCE = new Tolerance(0.01, 0.5);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            FP32  | [1,-3,2]              | 3
            FP64  | [NaN,-1e-9,-Infinity] | 1e-9
            FP32  | [Infinity,NaN]        | 0
            FP16  | [-2,1]                | 2
            BF16  | [0]                   | 0
            INT32 | [7]                   | 0
            """)
    void theLargestMagnitudeIsThatOfFiniteFloats(Datatype datatype, String data, double largest) {
        assertThat(Tolerance.largest(tensor(datatype, data))).isEqualTo(largest);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', nullValues = "-", textBlock = """
            # type | expected        | actual          | difference
            FP32   | [100]           | [101.5]         | -
            FP32   | [100]           | [98.5]          | -
            FP32   | [100,1]         | [100,1.75]      | element 1 of 'x' is 1.75, expected 1.0 within rtol=0.01 atol=0.5
            FP64   | [1]             | [NaN]           | element 0 of 'x' is NaN, expected 1.0 within rtol=0.01 atol=0.5
            FP64   | [1]             | [Infinity]      | element 0 of 'x' is Infinity, expected 1.0 within rtol=0.01 atol=0.5
            FP32   | [NaN]           | [NaN]           | -
            FP32   | [NaN]           | [1]             | element 0 of 'x' is 1.0, expected NaN within rtol=0.01 atol=0.5
            FP32   | [Infinity]      | [Infinity]      | -
            FP32   | [Infinity]      | [-Infinity]     | element 0 of 'x' is -Infinity, expected Infinity within rtol=0.01 atol=0.5
            FP32   | [Infinity]      | [3e38]          | element 0 of 'x' is 3.0E38, expected Infinity within rtol=0.01 atol=0.5
            FP16   | [1]             | [1.25]          | -
            BF16   | [1]             | [2]             | element 0 of 'x' is 2.0, expected 1.0 within rtol=0.01 atol=0.5
            INT64  | [1000,1000]     | [1000,1001]     | element 1 of 'x' is 1001, expected 1000
            UINT64 | [18446744073709551615] | [0]      | element 0 of 'x' is 0, expected 18446744073709551615
            BOOL   | [true]          | [false]         | element 0 of 'x' is false, expected true
            BYTES  | ["a","b"]       | ["a","bb"]      | element 1 of 'x' is "bb", expected "b"
            BYTES  | ["a","b"]       | ["a","b"]       | -
            FP32   | [1]             | [1,1]           | 'x' has shape [2], expected [1]
            """)
    void theFirstDifferenceIsToldInWords(Datatype datatype, String expected, String actual, String difference) {
        assertThat(TOLERANCE
                        .difference(tensor(datatype, expected), tensor(datatype, actual))
                        .orElse(null))
                .isEqualTo(difference);
    }

    @Test
    void anotherDatatypeIsADifference() {
        assertThat(TOLERANCE.difference(tensor(Datatype.FP32, "[1]"), tensor(Datatype.FP64, "[1]")))
                .contains("'x' is FP64, expected FP32");
    }

    private static Tensor tensor(Datatype datatype, String data) {
        String tensor = "[{\"name\":\"x\",\"datatype\":\"%s\",\"shape\":[%d],\"data\":%s}]"
                .formatted(datatype, data.split(",").length, data);
        String samples = "[{\"inputs\":%s,\"outputs\":%s}]".formatted(tensor, tensor);
        return GoldenSamples.read(samples.getBytes(StandardCharsets.UTF_8))
                .getFirst()
                .inputs()
                .getFirst();
    }
}
