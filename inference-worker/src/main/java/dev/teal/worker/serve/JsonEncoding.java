package dev.teal.worker.serve;

import dev.teal.protocol.oip.ByteWriter;
import dev.teal.protocol.oip.Glance;
import dev.teal.protocol.oip.InferenceCodec;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.JsonGlance;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.RequestedOutput;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.worker.bytes.AnswerText;
import dev.teal.worker.bytes.Gathered;
import dev.teal.worker.bytes.HeapRoom;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** The protocol's JSON, with binary tensors behind it where a request brings or wants some. */
final class JsonEncoding implements Encoding {
    /** The length of the JSON; on a request 0 says that there is none. */
    static final String JSON_BYTES = "Inference-Header-Content-Length";

    private static final HeapRoom ROOM = HeapRoom.ofProcess();
    private static final ThreadLocal<ByteWriter> SCRATCH = ThreadLocal.withInitial(ByteWriter::new);

    private final ModelSignature signature;
    private final boolean batched;
    private final int jsonBytes;

    /**
     * @param batched whether the first dimension of the signature's shapes is the batch's
     * @param jsonBytes as the request's header says; -1 without one
     */
    JsonEncoding(ModelSignature signature, boolean batched, int jsonBytes) {
        this.signature = signature;
        this.batched = batched;
        this.jsonBytes = jsonBytes;
    }

    private boolean isRaw() {
        return jsonBytes == 0;
    }

    @Override
    public Glance glance(RequestBody body, boolean isCut) {
        return JsonGlance.of(body, jsonBytes, isCut);
    }

    @Override
    public InferenceRequest read(RequestBody body, TensorAllocator memory) {
        if (isRaw()) {
            return InferenceCodec.readRaw(body, signature, batched, memory);
        }
        int inHeap = jsonBytes < 0 ? body.length() : Math.min(jsonBytes, body.length());
        try (var _ = ROOM.take(inHeap)) {
            return read(body, SCRATCH.get(), memory);
        }
    }

    /** A large JSON is let go at once: another run thread may wait for its room. */
    private InferenceRequest read(RequestBody body, ByteWriter scratch, TensorAllocator memory) {
        try {
            return InferenceCodec.readRequest(body, jsonBytes, scratch, memory);
        } finally {
            scratch.clear();
        }
    }

    @Override
    public Written write(InferenceRequest request, InferenceResponse response, IntFunction<ByteBuf> buffers) {
        boolean[] binary = new boolean[response.outputs().size()];
        List<Tensor> blobs = new ArrayList<>(binary.length);
        for (int i = 0; i < binary.length; i++) {
            Tensor output = response.outputs().get(i);
            binary[i] = isBinary(request, output.name());
            if (binary[i]) {
                blobs.add(output);
            }
        }
        ByteWriter json = SCRATCH.get();
        json.clear();
        AnswerText text = new AnswerText(buffers);
        json.passTo(text);
        Gathered all = null;
        try {
            InferenceCodec.write(response, binary, json);
            HttpHeaders headers = Answers.headers();
            if (!blobs.isEmpty()) {
                headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_OCTET_STREAM)
                        .set(JSON_BYTES, Long.toString(text.passedBytes() + json.size()));
            }
            all = text.with(json, blobs);
            return new Written(all, headers);
        } finally {
            if (all == null) {
                text.drop();
            }
            json.clear();
        }
    }

    private static boolean isBinary(InferenceRequest request, String output) {
        for (RequestedOutput requested : request.outputs()) {
            if (requested.name().equals(output)) {
                return requested.binary();
            }
        }
        return request.binaryOutputs();
    }
}
