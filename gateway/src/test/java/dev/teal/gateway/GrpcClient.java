package dev.teal.gateway;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A gRPC client of a gateway. */
final class GrpcClient implements AutoCloseable {
    private final ManagedChannel channel;

    GrpcClient(GatewayFixture gateway) {
        channel = gateway.grpcChannel().maxInboundMessageSize(16 << 20).build();
    }

    ManagedChannel channel() {
        return channel;
    }

    /** @param metadata name and value by turns */
    GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub stub(String... metadata) {
        return GRPCInferenceServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata(metadata)));
    }

    private static Metadata metadata(String... pairs) {
        Metadata metadata = new Metadata();
        for (int i = 0; i < pairs.length; i += 2) {
            metadata.put(key(pairs[i]), pairs[i + 1]);
        }
        return metadata;
    }

    static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    /** How a call that fails ends. */
    static Status status(ThrowingCallable call) {
        AtomicReference<Status> status = new AtomicReference<>();
        assertThatThrownBy(call).isInstanceOfSatisfying(StatusRuntimeException.class, e -> status.set(e.getStatus()));
        return status.get();
    }

    static ModelInferRequest request(String model, String id, int bytes) {
        return ModelInferRequest.newBuilder()
                .setModelName(model)
                .setId(id)
                .addRawInputContents(ByteString.copyFrom(new byte[bytes]))
                .build();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
