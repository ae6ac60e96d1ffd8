package dev.teal.protocol.grpc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.PiecedBody;
import dev.teal.protocol.oip.TensorAllocator;
import inference.ModelInferRequest.InferInputTensor;
import java.util.Arrays;

/** Messages as the generated classes write them, and how they are read. */
final class RequestMessages {
    private RequestMessages() {}

    static ModelInferRequest read(byte[] message) {
        return ModelInferRequest.read(new PiecedBody(message), TensorAllocator.HEAP);
    }

    static inference.ModelInferRequest.Builder request() {
        return inference.ModelInferRequest.newBuilder().setModelName("m");
    }

    static InferInputTensor.Builder input(String datatype, long... shape) {
        InferInputTensor.Builder input =
                InferInputTensor.newBuilder().setName("x").setDatatype(datatype);
        Arrays.stream(shape).forEach(input::addShape);
        return input;
    }

    static ByteString bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return ByteString.copyFrom(bytes);
    }

    static void assertRefused(inference.ModelInferRequest.Builder request, String... words) {
        assertThatThrownBy(() -> read(request.build().toByteArray()))
                .isInstanceOf(InvalidInference.class)
                .hasMessageContainingAll(words);
    }
}
