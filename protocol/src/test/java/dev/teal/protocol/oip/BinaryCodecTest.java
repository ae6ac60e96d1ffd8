package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.protocol.Cases;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BinaryCodecTest {
    private static final TensorAllocator DIRECT =
            bytes -> ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);

    @ParameterizedTest
    @EnumSource(Datatype.class)
    void binaryAndJsonInputsMixInOneRequest(Datatype datatype) {
        ByteWriter scratch = new ByteWriter();
        Cases.forAll(200, random -> {
            List<Tensor> inputs = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                Datatype any = Datatype.values()[random.nextInt(Datatype.values().length)];
                inputs.add(RandomTensors.next(random, "x" + i, i == 0 ? datatype : any));
            }
            boolean[] binary = binary(random, inputs);
            InferenceRequest request = new InferenceRequest(
                    random.nextBoolean() ? "id" : null,
                    new Schedule(random.nextInt(3), random.nextInt(2) * 1000L),
                    inputs,
                    List.of(new RequestedOutput("a", random.nextBoolean(), random.nextInt(3))),
                    random.nextBoolean());
            ByteWriter body = new ByteWriter();
            InferenceCodec.write(request, binary, body);
            int jsonBytes = body.size();
            InferenceCodec.writeBinary(inputs, binary, body);

            InferenceRequest read =
                    InferenceCodec.readRequest(new PiecedBody(body.toByteArray()), jsonBytes, scratch, DIRECT);

            assertThat(read).isEqualTo(request);
            assertThat(read.inputs()).allMatch(input -> input.data().order() == ByteOrder.LITTLE_ENDIAN);
        });
    }

    @ParameterizedTest
    @EnumSource(Datatype.class)
    void binaryAndJsonOutputsMixInOneResponse(Datatype datatype) {
        Cases.forAll(100, random -> {
            List<Tensor> outputs = List.of(
                    RandomTensors.next(random, "x", datatype),
                    RandomTensors.next(random, "y", Datatype.BYTES),
                    RandomTensors.next(random, "z", datatype));
            boolean[] binary = binary(random, outputs);
            InferenceResponse response = new InferenceResponse("m", "7", random.nextBoolean() ? "i" : null, outputs);
            ByteWriter body = new ByteWriter();
            InferenceCodec.write(response, binary, body);
            int jsonBytes = body.size();
            InferenceCodec.writeBinary(outputs, binary, body);

            assertThat(InferenceCodec.readResponse(RequestBody.of(body.toByteArray()), jsonBytes, DIRECT))
                    .isEqualTo(response);
        });
    }

    private static boolean[] binary(RandomGenerator random, List<Tensor> tensors) {
        boolean[] binary = new boolean[tensors.size()];
        for (int i = 0; i < binary.length; i++) {
            binary[i] = BinaryOnly.is(tensors.get(i).datatype()) || random.nextBoolean();
        }
        return binary;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            # datatype | shape | size | blob           | message
            FP32  | [2]   | 4  | 00000000               | input byte size mismatch for input 'x'. Expected 8, got 4
            FP32  | [2]   | 0  |                        | input byte size mismatch for input 'x'. Expected 8, got 0
            FP32  | []    | 8  | 0000000000000000       | input byte size mismatch for input 'x'. Expected 4, got 8
            FP16  | [3]   | 4  | 00000000               | input byte size mismatch for input 'x'. Expected 6, got 4
            INT64 | [4611686018427387904] | 0 |         | input byte size mismatch for input 'x'. Expected 36893488147419103232, got 0
            INT64 | [3037000500,3037000500] | 0 |       | more elements than can be counted
            FP32  | [2]   | 8  | 0000000000             | unexpected size for input 'x', expecting 8 bytes, but only 5 are left
            FP32  | [1]   | 4  | 0000000000             | unexpected additional input data: 1 bytes more
            FP32  | [0]   | 0  | 00                     | unexpected additional input data: 1 bytes more
            BYTES | [1]   | 3  | 010000                 | incomplete string length indicator for inference input 'x', expecting 4 bytes but only 3
            BYTES | [1]   | 5  | 0200000061             | incomplete string data for inference input 'x', expecting string of length 2 but only 1
            BYTES | [1]   | 5  | ffffffff61             | incomplete string data for inference input 'x', expecting string of length 4294967295 but only 1
            BYTES | [1]   | 5  | 0000008061             | incomplete string data for inference input 'x', expecting string of length 2147483648
            BYTES | [1]   | 8  | 0000000000000000       | unexpected number of string elements 2 for inference input 'x', expecting 1
            BYTES | [3]   | 8  | 0000000000000000       | expected 3 strings for inference input 'x', got 2
            BYTES | [1000000000000] | 4 | 00000000       | expected 1000000000000 strings for inference input 'x', got 1
            BOOL  | [3]   | 3  | 000102                 | element 2 of BOOL input 'x' is the byte 2, it must be 0 or 1
            FP32  | [1]   | -1 |                        | 'binary_data_size' must be a whole number from 0 to 2147483647
            FP32  | [1]   | 2147483648 |                | 'binary_data_size' must be a whole number from 0 to 2147483647
            FP32  | [1]   | 4.0 | 00000000              | 'binary_data_size' must be a whole number
            FP32  | [1]   | "4" | 00000000              | 'binary_data_size' must be a whole number
            """)
    void blobsMustFitTheirShape(Datatype datatype, String shape, String size, String blob, String message) {
        String json = "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"" + datatype + "\",\"shape\":" + shape
                + ",\"parameters\":{\"binary_data_size\":" + size + "}}]}";

        assertThatThrownBy(() -> read(json, blob == null ? "" : blob))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "FP32, 1, input byte size mismatch for input 'x'. Expected 4, got 3",
        "BOOL, 3, element 2 of BOOL input 'x'",
        "BYTES, 1, incomplete string length indicator",
        "INT8, 3, "
    })
    void tensorsFromElsewhereAreCheckedAlike(Datatype datatype, long dimension, String message) {
        Tensor tensor = new Tensor("x", datatype, new long[] {dimension}, ByteBuffer.wrap(new byte[] {0, 1, 2}));

        if (message == null) {
            InferenceCodec.requireWhole(tensor);
        } else {
            assertThatThrownBy(() -> InferenceCodec.requireWhole(tensor))
                    .isInstanceOf(InvalidInference.class)
                    .hasMessageContaining(message);
        }
    }

    @Test
    void whatClaimsMoreThanTheBodyAsksForNothing() {
        CountingAllocator memory = new CountingAllocator();
        byte[] body = """
                {"inputs":[{"name":"x","datatype":"INT8","shape":[2147483647],"parameters":{"binary_data_size":2147483647}}]}""".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> InferenceCodec.readRequest(RequestBody.of(body), body.length, memory))
                .isInstanceOf(InvalidInference.class);
        assertThat(memory.bytes()).isZero();
    }

    @Test
    void givenBothDataAndABlobItIsRefused() {
        for (String data : List.of("", "\"data\":[],")) {
            String json = "{\"inputs\":[{" + data + "\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[0],"
                    + "\"parameters\":{\"binary_data_size\":0}" + (data.isEmpty() ? ",\"data\":[]" : "") + "}]}";

            assertThatThrownBy(() -> read(json, ""))
                    .isInstanceOf(InvalidInference.class)
                    .hasMessageContaining("'x' has both 'data' and 'binary_data_size'");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-1, no valid Inference-Header-Content-Length",
        "1000000, 'inference header size should be in range (0, 91), got: 1000000'",
        "20, failed to parse"
    })
    void theHeadersLengthMustBeTheJsons(int jsonBytes, String message) {
        byte[] body = """
                {"inputs":[{"name":"x","datatype":"INT8","shape":[0],"parameters":{"binary_data_size":0}}]}""".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> InferenceCodec.readRequest(RequestBody.of(body), jsonBytes, TensorAllocator.HEAP))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining(message);
    }

    @Test
    void emptyBlobsCarryTheirSize() {
        Tensor empty = new Tensor("x", Datatype.FP32, new long[] {0, 3}, ByteBuffer.allocate(0));
        ByteWriter out = new ByteWriter();

        InferenceCodec.write(new InferenceResponse("m", "1", "i", List.of(empty)), new boolean[] {true}, out);

        assertThat(new String(out.toByteArray(), StandardCharsets.UTF_8))
                .isEqualTo("{\"model_name\":\"m\",\"model_version\":\"1\",\"id\":\"i\",\"outputs\":[{\"name\":\"x\","
                        + "\"datatype\":\"FP32\",\"shape\":[0,3],\"parameters\":{\"binary_data_size\":0}}]}");
    }

    @ParameterizedTest
    @EnumSource(names = {"FP16", "BF16"})
    void halfFloatsAreNotSentAsJson(Datatype datatype) {
        Tensor half = new Tensor("y", datatype, new long[] {1}, ByteBuffer.allocate(2));

        assertThatThrownBy(() -> InferenceJson.write(new InferenceResponse("m", "1", null, List.of(half))))
                .isInstanceOf(BinaryOnly.class)
                .hasMessage("sending " + datatype
                        + " data via JSON is not supported. Please use the binary data format for output 'y'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', nullValues = "-", textBlock = """
            # datatype | model's shape | bytes        | shape or message
            FP32  | 2                | 0000803f00000040         | [2]
            FP32  | -1               | 0000803f                 | [1]
            FP32  | -1               | 0000803f00000040         | input byte size mismatch for input 'x'. Expected 4, got 8
            FP32  | -1,2             | 0000803f00000040         | [1, 2]
            FP32  | -1,-1            | 0000803f00000040         | [1, 2]
            FP32  | -1,2,-1          | 0000803f00000040         | [1, 2, 1]
            FP32  | 1,-1             | -                        | [1, 0]
            FP32  | -                | 0000803f                 | []
            INT8  | -1,0,-1          | -                        | [1, 0, 0]
            FP32  | 2                | 0000803f                 | input byte size mismatch for input 'x'. Expected 8, got 4
            FP32  | -1,2             | 0000803f                 | input byte size mismatch for input 'x'. Expected 8, got 4
            FP32  | -1               | 0000803f00               | input byte size mismatch for input 'x'. Expected 4, got 5
            INT8  | -1,0,-1          | 00                       | input byte size mismatch for input 'x'. Expected 0, got 1
            FP32  | 4294967296,4294967296 | 0000803f            | 'x' has a shape of more elements than can be counted
            FP32  | -1,-1,-1         | 0000803f                 | The shape of the raw input 'x' can not be deduced because there are more than one variable-sized dimension
            BYTES | 1                | 6162                     | [1]
            BYTES | -1               | 6162                     | [1]
            BYTES | -1,1             | 6162                     | [1, 1]
            BYTES | 2                | 6162                     | For BYTES datatype raw input, the model must have input shape [1]
            """)
    void aRawRequestIsTheOneInput(Datatype datatype, String modelShape, String bytes, String expected) {
        List<Long> shape = modelShape == null
                ? List.of()
                : java.util.Arrays.stream(modelShape.split(","))
                        .map(Long::valueOf)
                        .toList();
        ModelSignature signature = new ModelSignature(List.of(new TensorSpec("x", datatype, shape)), List.of(), 17);
        byte[] body = HexFormat.of().parseHex(bytes == null ? "" : bytes);
        boolean batched = !shape.isEmpty() && shape.getFirst() == -1;

        if (!expected.startsWith("[")) {
            assertThatThrownBy(() ->
                            InferenceCodec.readRaw(RequestBody.of(body), signature, batched, TensorAllocator.HEAP))
                    .isInstanceOf(InvalidInference.class)
                    .hasMessageContaining(expected);
            return;
        }
        InferenceRequest request =
                InferenceCodec.readRaw(RequestBody.of(body), signature, batched, TensorAllocator.HEAP);
        Tensor input = request.inputs().getFirst();
        assertThat(java.util.Arrays.toString(input.shape())).isEqualTo(expected);
        assertThat(request.binaryOutputs()).isTrue();
        byte[] data = new byte[input.data().limit()];
        input.data().get(0, data);
        assertThat(HexFormat.of().formatHex(data))
                .isEqualTo((datatype == Datatype.BYTES ? "02000000" : "")
                        + HexFormat.of().formatHex(body));
    }

    @Test
    void withoutABatchTheFirstDimensionIsAsGoodAsAnother() {
        ModelSignature signature =
                new ModelSignature(List.of(new TensorSpec("x", Datatype.INT8, List.of(-1L))), List.of(), 17);

        InferenceRequest request =
                InferenceCodec.readRaw(RequestBody.of(new byte[12]), signature, false, TensorAllocator.HEAP);

        assertThat(request.inputs().getFirst().shape()).containsExactly(12);
    }

    @Test
    void aRawRequestNeedsAModelOfOneInput() {
        TensorSpec spec = new TensorSpec("x", Datatype.FP32, List.of(1L));
        TensorSpec other = new TensorSpec("y", Datatype.FP32, List.of(1L));

        assertThatThrownBy(() -> InferenceCodec.readRaw(
                        RequestBody.of(new byte[8]),
                        new ModelSignature(List.of(spec, other), List.of(), 17),
                        false,
                        TensorAllocator.HEAP))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContaining("Raw request must only have 1 input (found 1) to be deduced but got 2 inputs in");
    }

    private static InferenceRequest read(String json, String hex) {
        byte[] start = json.getBytes(StandardCharsets.UTF_8);
        byte[] blob = HexFormat.of().parseHex(hex);
        byte[] body = java.util.Arrays.copyOf(start, start.length + blob.length);
        System.arraycopy(blob, 0, body, start.length, blob.length);
        return InferenceCodec.readRequest(new PiecedBody(body), start.length, TensorAllocator.HEAP);
    }
}
