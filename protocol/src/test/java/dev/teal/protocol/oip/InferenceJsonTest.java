package dev.teal.protocol.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.teal.protocol.Cases;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

    @Test
    void anEmptyTensorNeedsNoData() {
        Tensor tensor = InferenceJson.readRequest("""
                        {"inputs":[{"name":"x","datatype":"FP32","shape":[0,3]}]}""".getBytes(StandardCharsets.UTF_8))
                .inputs()
                .getFirst();

        assertThat(tensor.elements()).isZero();
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

    private static ByteBuffer floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.flip();
    }
}
