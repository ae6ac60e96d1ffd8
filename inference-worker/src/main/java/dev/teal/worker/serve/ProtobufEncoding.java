package dev.teal.worker.serve;

import dev.teal.protocol.TealHeaders;
import dev.teal.protocol.grpc.ModelInferRequest;
import dev.teal.protocol.grpc.ModelInferResponse;
import dev.teal.protocol.oip.ByteWriter;
import dev.teal.protocol.oip.Glance;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.worker.bytes.Gathered;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.function.IntFunction;

/**
 * A gRPC message in an HTTP body, and its answer likewise: what a gateway sends for a client that speaks gRPC to it. Whom the message is for
 * the path has said. Of one request.
 */
final class ProtobufEncoding implements Encoding {
    private static final byte[] NOTHING = {};
    private static final ThreadLocal<ByteWriter> SCRATCH = ThreadLocal.withInitial(ByteWriter::new);

    private volatile boolean finalResponse;

    @Override
    public Glance glance(RequestBody body, boolean isCut) {
        return ModelInferRequest.glanceOf(body);
    }

    @Override
    public InferenceRequest read(RequestBody body, TensorAllocator memory) {
        ModelInferRequest message = ModelInferRequest.read(body, memory);
        finalResponse = message.finalResponse();
        return message.request();
    }

    @Override
    public Written write(InferenceRequest request, InferenceResponse response, IntFunction<ByteBuf> buffers) {
        ByteWriter head = SCRATCH.get();
        head.clear();
        ModelInferResponse layout = ModelInferResponse.write(response, finalResponse, head);
        Gathered all = Gathered.of(NOTHING, head, layout.cuts(), response.outputs(), buffers);
        return new Written(all, Answers.headers().set(HttpHeaderNames.CONTENT_TYPE, TealHeaders.MESSAGE_TYPE));
    }
}
