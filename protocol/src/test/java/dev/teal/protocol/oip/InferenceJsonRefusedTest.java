package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is no request is told why. */
class InferenceJsonRefusedTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            INT8   | [1] | [128]                  | must be a whole number from -128 to 127
            INT8   | [1] | [1.0]                  | must be a whole number
            UINT8  | [1] | [-1]                   | must be a whole number from 0 to 255
            UINT16 | [1] | [65536]                | must be a whole number
            UINT32 | [1] | [4294967296]           | must be a whole number
            UINT64 | [1] | [18446744073709551616] | must be a whole number from 0 to 18446744073709551615
            UINT64 | [1] | [-1]                   | must be a whole number
            INT64  | [1] | [9223372036854775808]  | must be a whole number
            INT32  | [1] | ["1"]                  | must be a whole number
            FP32   | [1] | [1e39]                 | must be a number of at most 3.4028235E38
            FP64   | [1] | [1e400]                | must be a number of at most
            FP16   | [1] | [1]                    | receiving FP16 data via JSON is not supported. Please use the binary data format for input 'x'
            BF16   | [1] | [1]                    | receiving BF16 data via JSON is not supported. Please use the binary data format for input 'x'
            FP32   | [1] | [null]                 | element 0 of 'x' must be a number
            BOOL   | [1] | [1]                    | must be true or false
            BYTES  | [1] | [1]                    | must be a string
            BYTES  | [1] | ["\\ud800"]            | half a surrogate pair
            FP32   | [2] | [1]                    | has a shape of 2 elements, and 1 in 'data'
            FP32   | [2] | [1,[2,3]]              | has a shape of 2 elements, and more in 'data'
            FP32   | []  | []                     | has a shape of 1 elements, and 0 in 'data'
            FP32   | [1000000000000000000]               | [1] | fewer in 'data'
            FP32   | [3037000500,3037000500]             | [1] | more elements than can be counted
            FP32   | [9999999999999999999999]            | [1] | whole numbers from 0 on
            FP32   | [-1]                                | [1] | whole numbers from 0 on
            FP32   | [1.5]                               | [1] | whole numbers from 0 on
            FP32   | 3                                   | [1] | 'shape' must be a JSON array
            FP32   | [1]                                 | 1   | 'data' must be a JSON array
            """)
    void wrongElementsAreRefusedInWords(Datatype datatype, String shape, String data, String message) {
        assertThatThrownBy(() -> InferenceJson.readRequest(input(datatype, shape, data)))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {}                                   | needs 'inputs'
            []                                   | the request must be a JSON object
            {"inputs":[]} {}                     | followed by something else
            {"inputs":[],"inputs":[]}            | twice
            {"inputs":{}}                        | 'inputs' must be a JSON array
            {"inputs":[1]}                       | inputs[0] must be a JSON object
            {"inputs":[{"name":"x"}]}            | 'x' needs a 'datatype'
            {"inputs":[{"name":"x","datatype":"FP8"}]}                   | unknown datatype
            {"inputs":[{"name":"x","datatype":"FP32"}]}                  | needs a 'shape'
            {"inputs":[{"name":"x","datatype":"FP32","shape":[1]}]}      | needs 'data'
            {"inputs":[{"datatype":"FP32","shape":[0]}]}                 | inputs[0] needs a 'name'
            {"inputs":[{"name":"x","name":"x"}]}                         | twice
            {"inputs":[{"name":"x","datatype":"FP32","shape":[0]},{"name":"x","datatype":"FP32","shape":[0]}]} | 'x' already exists
            {"inputs":[{"name":"x","datatype":"FP32","shape":[1],"parameters":{"binary_data_size":4}}]} | no valid Inference-Header-Content-Length
            {"inputs":[{"name":"x","parameters":{"shared_memory_region":"r"}}]}      | 'shared_memory_region' is not supported
            {"inputs":[],"outputs":[{"name":"y"},{"name":"y"}]}          | output 'y' already exists in request
            {"inputs":[],"outputs":[{}]}         | needs a 'name'
            {"inputs":[],"id":1}                 | 'id' must be a string
            {"inputs":[                          | failed to parse
            {"inputs":[],}                       | failed to parse
            nonsense                             | failed to parse
            """)
    void wrongRequestsAreRefusedInWords(String body, String message) {
        assertThatThrownBy(() -> InferenceJson.readRequest(body.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining(message);
    }

    @Test
    void otherEncodingsAreRefused() {
        for (var charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16)) {
            assertThatThrownBy(() -> InferenceJson.readRequest("{\"inputs\":[]}".getBytes(charset)))
                    .isInstanceOf(InvalidInference.class)
                    .hasMessageContaining("UTF-8");
        }
    }

    @Test
    void nestingHasALimitAlsoInWhatIsSkipped() {
        String deep = "[".repeat(100_000);

        for (String body : List.of(
                "{\"other\":" + deep,
                "{\"inputs\":[{\"data\":" + deep,
                new String(input(Datatype.FP32, "[1]", deep)))) {
            assertThatThrownBy(() -> InferenceJson.readRequest(body.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(InvalidInference.class)
                    .hasMessageContaining("depth");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"inputs":[],"other":           | 63
            {"inputs":[],"other":[{"x":     | 61
            {"inputs":[{"name":"x","datatype":"FP32","shape":[0],"data": | 61
            """)
    void nestingEndsAtADepthOfSixtyFour(String begun, int arrays) {
        String end = begun.contains("data") ? "}]}" : begun.contains("x") ? "}]}" : "}";

        assertThat(InferenceJson.readRequest((begun + "[".repeat(arrays) + "]".repeat(arrays) + end).getBytes())
                        .inputs())
                .hasSizeLessThan(2);
        assertThatThrownBy(() -> InferenceJson.readRequest(
                        (begun + "[".repeat(arrays + 1) + "]".repeat(arrays + 1) + end).getBytes()))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining("nested to a depth of more than 64");
    }

    @Test
    void aTensorHasSixteenDimensionsAtMost() {
        String sixteen = "[1" + ",1".repeat(15) + "]";

        assertThat(InferenceJson.readRequest(input(Datatype.INT8, sixteen, "[7]"))
                        .inputs()
                        .getFirst()
                        .shape())
                .hasSize(16);
        assertThatThrownBy(() -> InferenceJson.readRequest(input(Datatype.INT8, sixteen.replace("]", ",1]"), "[7]")))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining("more than 16 dimensions");
    }

    private static byte[] input(Datatype datatype, String shape, String data) {
        return ("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"" + datatype + "\",\"shape\":" + shape + ",\"data\":"
                        + data + "}]}")
                .getBytes(StandardCharsets.UTF_8);
    }
}
