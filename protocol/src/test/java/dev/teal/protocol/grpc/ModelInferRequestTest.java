package dev.teal.protocol.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.teal.protocol.Cases;
import dev.teal.protocol.oip.CountingAllocator;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.Glance;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RandomTensors;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.RequestedOutput;
import dev.teal.protocol.oip.Schedule;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.protocol.wire.WireWriter;
import inference.InferParameter;
import inference.InferTensorContents;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferRequest.InferRequestedOutputTensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelInferRequestTest {
    private static ModelInferRequest read(byte[] message) {
        return ModelInferRequest.read(new PiecedBody(message), TensorAllocator.HEAP);
    }

    private static inference.ModelInferRequest.Builder request() {
        return inference.ModelInferRequest.newBuilder().setModelName("m");
    }

    private static InferInputTensor.Builder input(String datatype, long... shape) {
        InferInputTensor.Builder input =
                InferInputTensor.newBuilder().setName("x").setDatatype(datatype);
        Arrays.stream(shape).forEach(input::addShape);
        return input;
    }

    private static ByteString bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return ByteString.copyFrom(bytes);
    }

    private static void refused(inference.ModelInferRequest.Builder request, String... words) {
        assertThatThrownBy(() -> read(request.build().toByteArray()))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContainingAll(words);
    }

    @Test
    void rowsAndScheduleAreSeenWithoutReading() {
        inference.ModelInferRequest.Builder request = request()
                .putParameters(
                        "timeout", InferParameter.newBuilder().setInt64Param(9).build())
                .addInputs(input("FP32", 5, 2))
                .addInputs(input("FP32", 7))
                .addRawInputContents(ByteString.copyFrom(new byte[10_000]));

        assertThat(glance(request)).isEqualTo(new Glance(new Schedule(0, 9), 5));
        assertThat(glance(request().addInputs(input("FP32")).addInputs(input("FP32", 7))))
                .isEqualTo(Glance.NOTHING);
        assertThat(glance(request().addInputs(input("FP32", -7)))).isEqualTo(Glance.NOTHING);
        assertThat(ModelInferRequest.glanceOf(new PiecedBody(new byte[] {42, 4, 24, 3, 24, 9})))
                .as("a dimension each, as some write it")
                .isEqualTo(new Glance(Schedule.NONE, 3));
        assertThat(ModelInferRequest.glanceOf(new PiecedBody(new byte[] {42, 9, 24, 3})))
                .as("cut off")
                .isEqualTo(Glance.NOTHING);
        byte[] whole = request.build().toByteArray();
        assertThat(ModelInferRequest.glanceOf(new PiecedBody(Arrays.copyOf(whole, 1_000))))
                .as("cut off behind them")
                .isEqualTo(new Glance(new Schedule(0, 9), 5));
    }

    @Test
    void unsignedNumbersBeyondALongAreAsFarAsOneGoes() {
        InferParameter most = InferParameter.newBuilder().setUint64Param(-1).build();
        byte[] message = request()
                .putParameters("priority", most)
                .putParameters("timeout", most)
                .putParameters("sequence_id", most)
                .build()
                .toByteArray();

        assertThat(read(message).request().schedule()).isEqualTo(new Schedule(Long.MAX_VALUE, Long.MAX_VALUE));
        refused(
                request()
                        .putParameters(
                                "priority",
                                InferParameter.newBuilder().setInt64Param(-1).build()),
                "parameter 'priority' must be");
    }

    @Test
    void theIdIsFoundInWhatCanNotBeRead() {
        byte[] message =
                request().setId("id-1").addInputs(input("FP32", -7)).build().toByteArray();

        assertThat(ModelInferRequest.idOf(new PiecedBody(message))).isEqualTo("id-1");
        assertThat(ModelInferRequest.idOf(new PiecedBody(new byte[] {26, 9, 1})))
                .isEmpty();
        assertThat(ModelInferRequest.idOf(new PiecedBody(new byte[0]))).isEmpty();
    }

    private static Glance glance(inference.ModelInferRequest.Builder request) {
        return ModelInferRequest.glanceOf(new PiecedBody(request.build().toByteArray()));
    }

    @Test
    void whatTheGeneratedClassesWriteIsReadAsItWasMeant() {
        Cases.forAll(2_000, random -> {
            RandomRequests.Made made = RandomRequests.next(random);

            ModelInferRequest read = read(made.message().toByteArray());

            assertThat(read.model()).isEqualTo(made.message().getModelName());
            assertThat(read.version())
                    .isEqualTo(
                            made.message().getModelVersion().isEmpty()
                                    ? null
                                    : made.message().getModelVersion());
            assertThat(read.request().id()).isEqualTo(made.message().getId());
            assertThat(read.request().schedule().priority())
                    .isEqualTo(made.message().getParametersMap().get("priority").getInt64Param());
            assertThat(read.request().inputs()).isEqualTo(made.tensors());
            assertThat(ModelInferRequest.targetOf(RequestBody.of(made.message().toByteArray())))
                    .isEqualTo(new ModelInferRequest.Target(read.model(), read.version()));
        });
    }

    @Test
    void givenFieldsInAnyOrderAndUnknownOnesTheyAreReadAlike() {
        byte[] raw = inference.ModelInferRequest.newBuilder()
                .addRawInputContents(bytes(1, 0, 0, 0))
                .build()
                .toByteArray();
        byte[] rest = request().addInputs(input("INT32", 1)).build().toByteArray();
        byte[] unknown = {(byte) 0xa0, 0x06, 0x05, (byte) 0xaa, 0x06, 0x02, 0x01, 0x02};
        ByteBuffer all = ByteBuffer.allocate(raw.length + rest.length + unknown.length)
                .put(raw)
                .put(unknown)
                .put(rest);

        Tensor tensor = read(all.array()).request().inputs().getFirst();

        assertThat(tensor.data().getInt(0)).isEqualTo(1);
        assertThat(tensor.shape()).containsExactly(1);
    }

    @Test
    void givenElementsOneByOneTheyAreReadLikePackedOnes() {
        // 6: fixed32, not packed; as old encoders write it
        byte[] contents = {0x35, 0, 0, (byte) 0x80, 0x3f, 0x35, 0, 0, 0, 0x40};
        inference.ModelInferRequest message = request()
                .addInputs(input("FP32", 2).setContents(InferTensorContents.newBuilder()))
                .build();
        byte[] written = message.toByteArray();
        // The empty contents are the message's last two bytes: their length grows, and those of the input around them
        byte[] whole = Arrays.copyOf(written, written.length + contents.length);
        System.arraycopy(contents, 0, whole, written.length, contents.length);
        whole[written.length - 1] = (byte) contents.length;
        int inputAt = new String(written, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf('*');
        whole[inputAt + 1] += (byte) contents.length;

        Tensor tensor = read(whole).request().inputs().getFirst();

        assertThat(tensor.data().getFloat(0)).isEqualTo(1f);
        assertThat(tensor.data().getFloat(4)).isEqualTo(2f);
    }

    @ParameterizedTest
    @EnumSource(Datatype.class)
    void eachDatatypeAsScalarAndEmpty(Datatype datatype) {
        boolean typed = datatype != Datatype.FP16 && datatype != Datatype.BF16;
        Cases.forAll(20, random -> {
            for (long[] shape : new long[][] {{}, {0}, {2, 0, 3}}) {
                Tensor tensor = RandomTensors.next(random, "x", datatype, shape);
                inference.ModelInferRequest.Builder raw = request();
                RandomRequests.add(raw, tensor, true);
                assertThat(read(raw.build().toByteArray()).request().inputs()).containsExactly(tensor);
                if (typed) {
                    inference.ModelInferRequest.Builder contents = request();
                    RandomRequests.add(contents, tensor, false);
                    assertThat(read(contents.build().toByteArray()).request().inputs())
                            .containsExactly(tensor);
                }
            }
        });
    }

    @Test
    void outputsSayHowTheyAreWanted() {
        var asked = request()
                .addInputs(input("INT32", 0))
                .addOutputs(InferRequestedOutputTensor.newBuilder().setName("a"))
                .addOutputs(InferRequestedOutputTensor.newBuilder()
                        .setName("b")
                        .putParameters("classification", RandomRequests.whole(3)))
                .putParameters("timeout", RandomRequests.whole(1_500))
                .putParameters(
                        "priority",
                        InferParameter.newBuilder().setUint64Param(2).build())
                .putParameters(
                        "triton_enable_empty_final_response",
                        InferParameter.newBuilder().setBoolParam(true).build());

        ModelInferRequest read = read(asked.build().toByteArray());

        assertThat(read.request().outputs())
                .containsExactly(new RequestedOutput("a", true, 0), new RequestedOutput("b", true, 3));
        assertThat(read.request().schedule().timeoutMicros()).isEqualTo(1_500);
        assertThat(read.request().schedule().priority()).isEqualTo(2);
        assertThat(read.finalResponse()).isTrue();
    }

    @Test
    void elementsThatComeBothWaysAreRefused() {
        refused(
                request()
                        .addInputs(input("INT32", 1)
                                .setContents(InferTensorContents.newBuilder().addIntContents(1)))
                        .addRawInputContents(bytes(1, 0, 0, 0)),
                "contents field must not be specified when using raw_input_contents for 'x' for model 'm'");
    }

    @Test
    void whatDoesNotFitItsShapeIsRefused() {
        refused(
                request().addInputs(input("INT32", 2)).addRawInputContents(bytes(1, 0, 0, 0)),
                "input byte size mismatch for input 'x' for model 'm'. Expected 8, got 4");
        refused(request().addInputs(input("INT32", 1)), "'x'", "1 elements, and 0");
        refused(
                request()
                        .addInputs(input("INT32", 1))
                        .addRawInputContents(bytes())
                        .addRawInputContents(bytes()),
                "got 2 for 1 inputs");
        refused(
                request().addInputs(input("BYTES", 2)).addRawInputContents(bytes(1, 0, 0, 0, 'a')),
                "expected 2 strings for inference input 'x', got 1");
        refused(
                request().addInputs(input("BYTES", 0)).addRawInputContents(bytes(0, 0, 0, 0)),
                "unexpected number of string elements 1 for inference input 'x', expecting 0");
        refused(
                request().addInputs(input("BOOL", 3)).addRawInputContents(bytes(0, 1, 2)),
                "element 2 of BOOL input 'x' is the byte 2, it must be 0 or 1");
        refused(
                request().addInputs(input("BYTES", 1)).addRawInputContents(bytes(9, 0, 0, 0, 'a')),
                "expecting string of length 9 but only 1 bytes available");
        refused(request().addInputs(input("INT32", -1)).addRawInputContents(bytes()), "dimensions of 0 or more");
        refused(
                request().addInputs(input("INT32", 1L << 40, 1L << 40)).addRawInputContents(bytes()),
                "more elements than can be counted");
        refused(request().addInputs(input("INT32", 1L << 40)).addRawInputContents(bytes()), "more elements than");
    }

    @Test
    void givenALargeTensorOfSmallElementsItIsTakenAsTheMessageHoldsIt() {
        int elements = 600_000_000;
        byte[] head = new WireWriter()
                .raw(request().addInputs(input("UINT8", elements)).build().toByteArray())
                .begin(7, elements)
                .toByteArray();

        assertThatThrownBy(() -> ModelInferRequest.read(new BodyOfZeros(head, elements), wanted -> {
                    throw new IllegalStateException(wanted + " bytes were asked for");
                }))
                .hasMessage("600000000 bytes were asked for");
    }

    /** So many zeros behind a head. */
    private record BodyOfZeros(byte[] head, int zeros) implements RequestBody {
        @Override
        public int length() {
            return head.length + zeros;
        }

        @Override
        public void copy(int offset, byte[] to, int toOffset, int bytes) {
            for (int i = 0; i < bytes; i++) {
                to[toOffset + i] = offset + i < head.length ? head[offset + i] : 0;
            }
        }

        @Override
        public void copy(int offset, ByteBuffer to) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void aTensorHasSixteenDimensionsAtMost() {
        long[] ones = new long[17];
        Arrays.fill(ones, 1);

        ModelInferRequest read = read(request()
                .addInputs(input("INT8", Arrays.copyOf(ones, 16)))
                .addRawInputContents(bytes(7))
                .build()
                .toByteArray());

        assertThat(read.request().inputs().getFirst().shape()).hasSize(16);
        refused(
                request().addInputs(input("INT8", ones)).addRawInputContents(bytes(7)),
                "'x' has more than 16 dimensions");
    }

    @Test
    void typedContentsOfAnotherTypeOrOutOfRangeAreRefused() {
        InferTensorContents.Builder ints = InferTensorContents.newBuilder().addIntContents(300);
        refused(request().addInputs(input("INT8", 1).setContents(ints)), "-128 to 127", "got 300");
        refused(request().addInputs(input("FP32", 1).setContents(ints)), "field of another datatype");
        refused(
                request().addInputs(input("FP16", 1).setContents(ints)),
                "FP16",
                "typed contents do not have",
                "send raw_input_contents");
        refused(
                request()
                        .addInputs(input("UINT8", 1)
                                .setContents(InferTensorContents.newBuilder().addUintContents(-1))),
                "0 to 255",
                "got 4294967295");
        refused(request().addInputs(input("COMPLEX", 1)), "no datatype that there is", "FP32");
    }

    @Test
    void parametersThatCanNotBeTakenAreRefused() {
        refused(request().putParameters("triton_x", RandomRequests.whole(1)), "'triton_x' is reserved");
        refused(request().putParameters("priority", RandomRequests.whole(-1)), "'priority'", "0 or more");
        refused(
                request()
                        .addOutputs(InferRequestedOutputTensor.newBuilder()
                                .setName("y")
                                .putParameters("classification", RandomRequests.whole(0))),
                "'classification'",
                "1 or more");
        refused(
                request().addInputs(input("INT32", 1).putParameters("shared_memory_region", RandomRequests.whole(0))),
                "'shared_memory_region'",
                "not supported");
        refused(
                request()
                        .addOutputs(InferRequestedOutputTensor.newBuilder().setName("y"))
                        .addOutputs(InferRequestedOutputTensor.newBuilder().setName("y")),
                "output 'y' already exists in request");
        refused(request().setModelName(""), "needs a 'model_name'");
    }

    @Test
    void everyCutAndEveryFlippedByteIsReadOrRefused() {
        Cases.forAll(200, random -> {
            byte[] message = RandomRequests.next(random).message().toByteArray();
            for (int i = 0; i < message.length; i++) {
                readOrRefused(Arrays.copyOf(message, i));
                byte[] flipped = message.clone();
                flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
                readOrRefused(flipped);
            }
        });
    }

    private static void readOrRefused(byte[] message) {
        try {
            read(message);
        } catch (InvalidInference e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @Test
    void givenAShapeThatClaimsMuchNoMemoryIsTakenForIt() {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        CountingAllocator memory = new CountingAllocator();
        byte[] message = request()
                .addInputs(input("FP64", 1 << 27)
                        .setContents(InferTensorContents.newBuilder().addFp64Contents(random.nextDouble())))
                .build()
                .toByteArray();

        assertThatThrownBy(() -> ModelInferRequest.read(new PiecedBody(message), memory))
                .isInstanceOf(InvalidInference.class);
        assertThat(memory.bytes()).isZero();
    }
}
