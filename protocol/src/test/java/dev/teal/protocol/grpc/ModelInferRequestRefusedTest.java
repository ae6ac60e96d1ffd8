package dev.teal.protocol.grpc;

import static dev.teal.protocol.grpc.RequestMessages.assertRefused;
import static dev.teal.protocol.grpc.RequestMessages.bytes;
import static dev.teal.protocol.grpc.RequestMessages.input;
import static dev.teal.protocol.grpc.RequestMessages.read;
import static dev.teal.protocol.grpc.RequestMessages.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.Cases;
import dev.teal.protocol.oip.InvalidInference;
import inference.InferTensorContents;
import inference.ModelInferRequest.InferRequestedOutputTensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ModelInferRequestRefusedTest {
    @Test
    void elementsThatComeBothWaysAreRefused() {
        assertRefused(
                request()
                        .addInputs(input("INT32", 1)
                                .setContents(InferTensorContents.newBuilder().addIntContents(1)))
                        .addRawInputContents(bytes(1, 0, 0, 0)),
                "contents field must not be specified when using raw_input_contents for 'x' for model 'm'");
    }

    @Test
    void whatDoesNotFitItsShapeIsRefused() {
        assertRefused(
                request().addInputs(input("INT32", 2)).addRawInputContents(bytes(1, 0, 0, 0)),
                "input byte size mismatch for input 'x' for model 'm'. Expected 8, got 4");
        assertRefused(request().addInputs(input("INT32", 1)), "'x'", "1 elements, and 0");
        assertRefused(
                request()
                        .addInputs(input("INT32", 1))
                        .addRawInputContents(bytes())
                        .addRawInputContents(bytes()),
                "got 2 for 1 inputs");
        assertRefused(
                request().addInputs(input("BYTES", 2)).addRawInputContents(bytes(1, 0, 0, 0, 'a')),
                "expected 2 strings for inference input 'x', got 1");
        assertRefused(
                request().addInputs(input("BYTES", 0)).addRawInputContents(bytes(0, 0, 0, 0)),
                "unexpected number of string elements 1 for inference input 'x', expecting 0");
        assertRefused(
                request().addInputs(input("BOOL", 3)).addRawInputContents(bytes(0, 1, 2)),
                "element 2 of BOOL input 'x' is the byte 2, it must be 0 or 1");
        assertRefused(
                request().addInputs(input("BYTES", 1)).addRawInputContents(bytes(9, 0, 0, 0, 'a')),
                "expecting string of length 9 but only 1 bytes available");
        assertRefused(request().addInputs(input("INT32", -1)).addRawInputContents(bytes()), "dimensions of 0 or more");
        assertRefused(
                request().addInputs(input("INT32", 1L << 40, 1L << 40)).addRawInputContents(bytes()),
                "more elements than can be counted");
        assertRefused(request().addInputs(input("INT32", 1L << 40)).addRawInputContents(bytes()), "more elements than");
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
        assertRefused(
                request().addInputs(input("INT8", ones)).addRawInputContents(bytes(7)),
                "'x' has more than 16 dimensions");
    }

    @Test
    void typedContentsOfAnotherTypeOrOutOfRangeAreRefused() {
        InferTensorContents.Builder ints = InferTensorContents.newBuilder().addIntContents(300);
        assertRefused(request().addInputs(input("INT8", 1).setContents(ints)), "-128 to 127", "got 300");
        assertRefused(request().addInputs(input("FP32", 1).setContents(ints)), "field of another datatype");
        assertRefused(
                request().addInputs(input("FP16", 1).setContents(ints)),
                "FP16",
                "typed contents do not have",
                "send raw_input_contents");
        assertRefused(
                request()
                        .addInputs(input("UINT8", 1)
                                .setContents(InferTensorContents.newBuilder().addUintContents(-1))),
                "0 to 255",
                "got 4294967295");
        assertRefused(request().addInputs(input("COMPLEX", 1)), "no datatype that there is", "FP32");
    }

    @Test
    void parametersThatCanNotBeTakenAreRefused() {
        assertRefused(request().putParameters("triton_x", RandomRequests.whole(1)), "'triton_x' is reserved");
        assertRefused(request().putParameters("priority", RandomRequests.whole(-1)), "'priority'", "0 or more");
        assertRefused(
                request()
                        .addOutputs(InferRequestedOutputTensor.newBuilder()
                                .setName("y")
                                .putParameters("classification", RandomRequests.whole(0))),
                "'classification'",
                "1 or more");
        assertRefused(
                request().addInputs(input("INT32", 1).putParameters("shared_memory_region", RandomRequests.whole(0))),
                "'shared_memory_region'",
                "not supported");
        assertRefused(
                request()
                        .addOutputs(InferRequestedOutputTensor.newBuilder().setName("y"))
                        .addOutputs(InferRequestedOutputTensor.newBuilder().setName("y")),
                "output 'y' already exists in request");
        assertRefused(request().setModelName(""), "needs a 'model_name'");
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
}
