package dev.teal.worker.grpc;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.Tensor;
import inference.ModelInferRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Requests of one tensor, and what becomes of them. */
final class TestCalls {
    private TestCalls() {}

    static ModelInferRequest request(Tensor tensor) {
        return request(tensor.name(), tensor);
    }

    static ModelInferRequest request(String id, Tensor tensor) {
        ModelInferRequest.InferInputTensor.Builder input = ModelInferRequest.InferInputTensor.newBuilder()
                .setName(tensor.name())
                .setDatatype(tensor.datatype().name());
        for (long dimension : tensor.shape()) {
            input.addShape(dimension);
        }
        return ModelInferRequest.newBuilder()
                .setModelName("m")
                .setId(id)
                .addInputs(input)
                .addRawInputContents(ByteString.copyFrom(tensor.data().duplicate()))
                .build();
    }

    static Tensor floats(int count) {
        ByteBuffer data = ByteBuffer.allocate(count * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            data.putFloat(i * 4, i);
        }
        return new Tensor("in", Datatype.FP32, new long[] {count}, data);
    }

    static Tensor zeros(int bytes) {
        return new Tensor("in", Datatype.UINT8, new long[] {bytes}, ByteBuffer.allocate(bytes));
    }

    static Status status(ThrowingCallable call) {
        AtomicReference<Status> status = new AtomicReference<>();
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, e -> status.set(e.getStatus()));
        return status.get();
    }

    static Metadata metadata(String... pairs) {
        Metadata metadata = new Metadata();
        for (int i = 0; i < pairs.length; i += 2) {
            metadata.put(Metadata.Key.of(pairs[i], Metadata.ASCII_STRING_MARSHALLER), pairs[i + 1]);
        }
        return metadata;
    }
}
