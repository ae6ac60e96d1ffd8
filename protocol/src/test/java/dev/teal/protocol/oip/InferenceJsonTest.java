package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.protocol.Cases;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class InferenceJsonTest {
    private static final String VALID = """
            {"id":"a","parameters":{"x":1},"unknown":[1,{"y":2}],"inputs":[
              {"name":"x","shape":[2,2],"datatype":"FP32","data":[[1,2.5],[-3e2,NaN]]},
              {"name":"s","datatype":"BYTES","data":["é😀",""],"shape":[2]},
              {"data":[true,false],"parameters":{},"shape":[2],"datatype":"BOOL","name":"b"},
              {"name":"u","shape":[1],"datatype":"UINT64","data":[18446744073709551615]}],
              "outputs":[{"name":"y","parameters":{"binary_data":false}}]}
            """;

    @ParameterizedTest
    @EnumSource(
            names = {"FP16", "BF16"},
            mode = EnumSource.Mode.EXCLUDE)
    void aRequestReadsBackAsItWasWritten(Datatype datatype) {
        Cases.forAll(300, random -> {
            InferenceRequest request = new InferenceRequest(
                    random.nextBoolean() ? null : "id-" + random.nextInt(),
                    List.of(RandomTensors.next(random, "x", datatype), RandomTensors.next(random, "y", datatype)),
                    random.nextBoolean() ? List.of() : List.of("out"));

            byte[] json = InferenceJson.write(request);

            assertThat(InferenceJson.readRequest(json)).isEqualTo(request);
        });
    }

    @ParameterizedTest
    @EnumSource(
            names = {"FP16", "BF16"},
            mode = EnumSource.Mode.EXCLUDE)
    void aResponseReadsBackAsItWasWritten(Datatype datatype) {
        Cases.forAll(100, random -> {
            InferenceResponse response =
                    new InferenceResponse("m", "7", "id", List.of(RandomTensors.next(random, "x", datatype)));

            byte[] json = InferenceJson.write(response);

            assertThat(InferenceJson.readResponse(json)).isEqualTo(response);
        });
    }

    @Test
    void fieldsComeInAnyOrderAndDataInAnyNesting() {
        InferenceRequest request = InferenceJson.readRequest(VALID.getBytes(StandardCharsets.UTF_8));

        assertThat(request.id()).isEqualTo("a");
        assertThat(request.outputs()).extracting(RequestedOutput::name).containsExactly("y");
        assertThat(request.inputs().get(0).data()).isEqualTo(floats(1, 2.5f, -300, Float.NaN));
        assertThat(request.inputs().get(1).data().getInt(0)).isEqualTo(6);
        assertThat(request.inputs().get(2).data()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 0}));
        assertThat(request.inputs().get(3).data().getLong(0)).isEqualTo(-1);
    }

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

    @ParameterizedTest
    @CsvSource({"FP16, 65520", "BF16, 3.4e38"})
    void halfFloatsHaveTheirOwnRange(Datatype datatype, String number) {
        assertThatThrownBy(() -> golden(datatype, "[" + number + "]"))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining("must be a number of at most");
    }

    /** Golden samples, our own format, may have as numbers what requests may not. */
    private static Tensor golden(Datatype datatype, String data) {
        String tensor = "[{\"name\":\"x\",\"datatype\":\"%s\",\"shape\":[1],\"data\":%s}]".formatted(datatype, data);
        String samples = "[{\"inputs\":%s,\"outputs\":%s}]".formatted(tensor, tensor);
        return GoldenSamples.read(samples.getBytes(StandardCharsets.UTF_8))
                .getFirst()
                .inputs()
                .getFirst();
    }

    @Test
    void anEmptyTensorNeedsNoData() {
        Tensor tensor = InferenceJson.readRequest("""
                        {"inputs":[{"name":"x","datatype":"FP32","shape":[0,3]}]}""".getBytes(StandardCharsets.UTF_8))
                .inputs()
                .getFirst();

        assertThat(tensor.elements()).isZero();
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

    @Test
    void otherEncodingsAreRefused() {
        for (var charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16)) {
            assertThatThrownBy(() -> InferenceJson.readRequest("{\"inputs\":[]}".getBytes(charset)))
                    .isInstanceOf(InvalidInference.class)
                    .hasMessageContaining("UTF-8");
        }
    }

    @Test
    void anyBytesGiveARequestOrARefusal() {
        byte[] valid = VALID.getBytes(StandardCharsets.UTF_8);

        Cases.forAll(20_000, random -> {
            try {
                assertThat(InferenceJson.readRequest(mutated(random, valid))).isNotNull();
            } catch (InvalidInference refused) {
                assertThat(refused).message().isNotBlank();
            }
        });
    }

    @Test
    void floatsAreWrittenInTheirShortestForm() {
        Tensor tensor =
                new Tensor("x", Datatype.FP32, new long[] {3}, floats(0.1f, Float.NEGATIVE_INFINITY, Float.NaN));

        String json = new String(InferenceJson.write(new InferenceResponse("m", "1", null, List.of(tensor))));

        assertThat(json)
                .isEqualTo("{\"model_name\":\"m\",\"model_version\":\"1\",\"outputs\":[{\"name\":\"x\","
                        + "\"datatype\":\"FP32\",\"shape\":[3],\"data\":[0.1,-Infinity,NaN]}]}");
    }

    @Test
    void bytesThatAreNoTextCannotBeWritten() {
        ByteBuffer data = ByteBuffer.wrap(new byte[] {1, 0, 0, 0, (byte) 0xff}).order(ByteOrder.LITTLE_ENDIAN);
        Tensor tensor = new Tensor("label", Datatype.BYTES, new long[] {1}, data);

        assertThatThrownBy(() -> InferenceJson.write(new InferenceResponse("m", "1", null, List.of(tensor))))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining("'label' has an element that is not UTF-8");
    }

    private static byte[] mutated(RandomGenerator random, byte[] valid) {
        List<Byte> bytes = new ArrayList<>();
        for (byte b : valid) {
            bytes.add(b);
        }
        for (int i = 1 + random.nextInt(4); i > 0 && !bytes.isEmpty(); i--) {
            int at = random.nextInt(bytes.size());
            switch (random.nextInt(5)) {
                case 0 -> bytes.set(at, (byte) random.nextInt());
                case 1 -> bytes.remove(at);
                case 2 -> bytes.add(at, (byte) "[]{},:\"\\0129eE-.".charAt(random.nextInt(16)));
                case 3 -> bytes = new ArrayList<>(bytes.subList(0, at + 1));
                default -> bytes.addAll(at, List.copyOf(bytes.subList(at, Math.min(bytes.size(), at + 9))));
            }
        }
        byte[] mutated = new byte[bytes.size()];
        for (int i = 0; i < mutated.length; i++) {
            mutated[i] = bytes.get(i);
        }
        return mutated;
    }

    private static byte[] input(Datatype datatype, String shape, String data) {
        return ("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"" + datatype + "\",\"shape\":" + shape + ",\"data\":"
                        + data + "}]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuffer floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.flip();
    }
}
