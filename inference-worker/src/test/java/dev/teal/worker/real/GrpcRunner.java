package dev.teal.worker.real;

import com.google.protobuf.ByteString;
import dev.teal.protocol.oip.Tensor;
import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Asks through the client that grpc-java generates from the protocol's proto file, with raw contents, on a Unix socket. */
public record GrpcRunner(Path socket, String model) implements Runner {
    private static final EventLoopGroup LOOP = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @Override
    public Map<String, Tensor> run(List<Tensor> inputs) {
        ManagedChannel channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .eventLoopGroup(LOOP)
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .usePlaintext()
                .maxInboundMessageSize(16 << 20)
                .build();
        try {
            return outputs(GRPCInferenceServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .modelInfer(question(inputs)));
        } finally {
            channel.shutdownNow();
        }
    }

    private ModelInferRequest question(List<Tensor> inputs) {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(model);
        for (Tensor input : inputs) {
            ModelInferRequest.InferInputTensor.Builder described = request.addInputsBuilder()
                    .setName(input.name())
                    .setDatatype(input.datatype().name());
            for (long dimension : input.shape()) {
                described.addShape(dimension);
            }
            request.addRawInputContents(ByteString.copyFrom(Values.little(input)));
        }
        return request.build();
    }

    private static Map<String, Tensor> outputs(ModelInferResponse response) {
        Map<String, Tensor> outputs = new HashMap<>();
        for (int i = 0; i < response.getOutputsCount(); i++) {
            ModelInferResponse.InferOutputTensor described = response.getOutputs(i);
            ByteBuffer raw = response.getRawOutputContents(i).asReadOnlyByteBuffer();
            float[] values = new float[raw.remaining() / Float.BYTES];
            raw.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
            long[] shape =
                    described.getShapeList().stream().mapToLong(Long::longValue).toArray();
            outputs.put(described.getName(), Values.floats(described.getName(), values, shape));
        }
        return outputs;
    }
}
