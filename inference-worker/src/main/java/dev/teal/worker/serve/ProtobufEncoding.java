package dev.teal.worker.serve;

import dev.teal.protocol.grpc.ModelInferRequest;
import dev.teal.protocol.grpc.ModelInferResponse;
import dev.teal.protocol.oip.ByteWriter;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.Schedule;
import dev.teal.protocol.oip.TensorAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * A gRPC message in an HTTP body, and its answer likewise: what a gateway sends for a client that speaks gRPC to it. Whom the message is for
 * the path has said. Of one request.
 */
final class ProtobufEncoding implements Encoding {
    static final String TYPE = "application/vnd.teal.infer+protobuf";

    private static final int PIECE_BYTES = 32 << 10;
    private static final int MOST_BYTES = Integer.MAX_VALUE - 64;
    private static final ThreadLocal<ByteWriter> SCRATCH = ThreadLocal.withInitial(ByteWriter::new);

    private volatile boolean finalResponse;

    @Override
    public Schedule schedule(RequestBody body) {
        return ModelInferRequest.scheduleOf(body);
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
        if (layout.totalBytes() > MOST_BYTES) {
            throw new InvalidInference(
                    "the answer would have " + layout.totalBytes() + " bytes; " + MOST_BYTES + " is the most");
        }
        HttpHeaders headers = Answers.headers().set(HttpHeaderNames.CONTENT_TYPE, TYPE);
        return layout.totalBytes() - head.size() <= PIECE_BYTES
                ? new Written(copied(response, layout, head, buffers), true, headers)
                : new Written(gathered(response, layout, head, buffers), false, headers);
    }

    private static ByteBuf copied(
            InferenceResponse response, ModelInferResponse layout, ByteWriter head, IntFunction<ByteBuf> buffers) {
        ByteBuf bytes = buffers.apply((int) layout.totalBytes());
        int from = 0;
        for (int i = 0; i < layout.cuts().length; i++) {
            bytes.writeBytes(head.array(), from, layout.cuts()[i] - from);
            bytes.writeBytes(response.outputs().get(i).data().duplicate());
            from = layout.cuts()[i];
        }
        return bytes.writeBytes(head.array(), from, head.size() - from);
    }

    /** All of the head lies in one buffer, and slices of it go between the outputs. */
    private static ByteBuf gathered(
            InferenceResponse response, ModelInferResponse layout, ByteWriter head, IntFunction<ByteBuf> buffers) {
        ByteBuf text = buffers.apply(head.size()).writeBytes(head.array(), 0, head.size());
        ByteBuf[] pieces = new ByteBuf[2 * layout.cuts().length];
        int count = 0;
        int from = 0;
        for (int i = 0; i < layout.cuts().length; i++) {
            int to = layout.cuts()[i];
            ByteBuffer data = response.outputs().get(i).data().duplicate();
            if (data.hasRemaining()) {
                pieces[count++] = text.retainedSlice(from, to - from);
                pieces[count++] = Unpooled.wrappedBuffer(data);
                from = to;
            }
        }
        // An output that is empty stands at the end of nothing: what is left of the head comes last
        ByteBuf[] all = Arrays.copyOf(pieces, count + 1);
        all[count] = text.retainedSlice(from, head.size() - from);
        text.release();
        return Unpooled.wrappedUnmodifiableBuffer(all);
    }
}
