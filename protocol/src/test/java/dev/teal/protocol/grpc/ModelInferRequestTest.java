package dev.teal.protocol.grpc;

import static dev.teal.protocol.grpc.RequestMessages.assertRefused;
import static dev.teal.protocol.grpc.RequestMessages.bytes;
import static dev.teal.protocol.grpc.RequestMessages.input;
import static dev.teal.protocol.grpc.RequestMessages.read;
import static dev.teal.protocol.grpc.RequestMessages.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Cases;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.RandomTensors;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.RequestedOutput;
import dev.teal.protocol.oip.Schedule;
import dev.teal.protocol.oip.Tensor;
import inference.InferParameter;
import inference.InferTensorContents;
import inference.ModelInferRequest.InferRequestedOutputTensor;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelInferRequestTest {
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
        assertRefused(
                request()
                        .putParameters(
                                "priority",
                                InferParameter.newBuilder().setInt64Param(-1).build()),
                "parameter 'priority' must be");
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
}
