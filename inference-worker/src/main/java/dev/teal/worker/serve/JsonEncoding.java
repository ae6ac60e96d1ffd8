package dev.teal.worker.serve;

import dev.teal.protocol.oip.ByteWriter;
import dev.teal.protocol.oip.InferenceCodec;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.RequestedOutput;
import dev.teal.protocol.oip.Schedule;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.util.function.IntFunction;

/** The protocol's JSON, with binary tensors behind it where a request brings or wants some. */
final class JsonEncoding implements Encoding {
    /** The length of the JSON; on a request 0 says that there is none. */
    static final String JSON_BYTES = "Inference-Header-Content-Length";

    /** Smaller outputs are copied to their JSON: one piece travels faster than two. */
    private static final int PIECE_BYTES = 32 << 10;

    private static final ThreadLocal<ByteWriter> SCRATCH = ThreadLocal.withInitial(ByteWriter::new);
    private static final ThreadLocal<byte[]> PEEKED = ThreadLocal.withInitial(SchedulePeek::scratch);

    private final ModelSignature signature;
    private final int jsonBytes;

    /** @param jsonBytes as the request's header says; -1 without one */
    JsonEncoding(ModelSignature signature, int jsonBytes) {
        this.signature = signature;
        this.jsonBytes = jsonBytes;
    }

    private boolean isRaw() {
        return jsonBytes == 0;
    }

    @Override
    public Schedule schedule(RequestBody body) {
        return isRaw() ? Schedule.NONE : SchedulePeek.of(body, jsonBytes < 0 ? body.length() : jsonBytes, PEEKED.get());
    }

    @Override
    public InferenceRequest read(RequestBody body, TensorAllocator memory) {
        return isRaw()
                ? InferenceCodec.readRaw(body, signature, memory)
                : InferenceCodec.readRequest(body, jsonBytes, SCRATCH.get(), memory);
    }

    @Override
    public Written write(InferenceRequest request, InferenceResponse response, IntFunction<ByteBuf> buffers) {
        boolean[] binary = new boolean[response.outputs().size()];
        long blobs = 0;
        boolean any = false;
        for (int i = 0; i < binary.length; i++) {
            Tensor output = response.outputs().get(i);
            binary[i] = isBinary(request, output.name());
            if (binary[i]) {
                any = true;
                blobs += output.data().remaining();
            }
        }
        ByteWriter json = SCRATCH.get();
        json.clear();
        InferenceCodec.write(response, binary, json);
        HttpHeaders headers = Answers.headers();
        if (any) {
            headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_OCTET_STREAM)
                    .set(JSON_BYTES, Integer.toString(json.size()));
        }
        boolean copied = blobs <= PIECE_BYTES;
        ByteBuf bytes = buffers.apply(json.size() + (copied ? (int) blobs : 0));
        bytes.writeBytes(json.array(), 0, json.size());
        if (any) {
            bytes = copied ? withCopies(bytes, response, binary) : withPieces(bytes, response, binary);
        }
        return new Written(bytes, copied, headers);
    }

    private static boolean isBinary(InferenceRequest request, String output) {
        for (RequestedOutput requested : request.outputs()) {
            if (requested.name().equals(output)) {
                return requested.binary();
            }
        }
        return request.binaryOutputs();
    }

    private static ByteBuf withCopies(ByteBuf json, InferenceResponse response, boolean[] binary) {
        for (int i = 0; i < binary.length; i++) {
            if (binary[i]) {
                json.writeBytes(response.outputs().get(i).data().duplicate());
            }
        }
        return json;
    }

    /** The outputs' own memory: the caller frees it only once all is written. */
    private static ByteBuf withPieces(ByteBuf json, InferenceResponse response, boolean[] binary) {
        ByteBuf[] pieces = new ByteBuf[binary.length + 1];
        int count = 0;
        pieces[count++] = json;
        for (int i = 0; i < binary.length; i++) {
            ByteBuffer data = response.outputs().get(i).data();
            if (binary[i] && data.hasRemaining()) {
                pieces[count++] = Unpooled.wrappedBuffer(data.duplicate());
            }
        }
        return Unpooled.wrappedUnmodifiableBuffer(java.util.Arrays.copyOf(pieces, count));
    }
}
