package dev.teal.protocol.oip;

/** Requests and responses as JSON alone, for clients and tests; what serves them uses {@link InferenceCodec}. */
public final class InferenceJson {
    private InferenceJson() {}

    public static InferenceRequest readRequest(byte[] body) {
        return InferenceCodec.readRequest(body, 0, body.length, TensorAllocator.HEAP);
    }

    public static InferenceResponse readResponse(byte[] body) {
        return InferenceCodec.readResponse(RequestBody.of(body), -1, TensorAllocator.HEAP);
    }

    /** @throws InvalidInference if JSON can't carry an output: of a datatype that is {@link BinaryOnly}, or a BYTES element that is not UTF-8 */
    public static byte[] write(InferenceResponse response) {
        ByteWriter out = new ByteWriter();
        InferenceCodec.write(response, new boolean[response.outputs().size()], out);
        return out.toByteArray();
    }

    /** @throws InvalidInference if JSON can't carry an input */
    public static byte[] write(InferenceRequest request) {
        ByteWriter out = new ByteWriter();
        InferenceCodec.write(request, new boolean[request.inputs().size()], out);
        return out.toByteArray();
    }
}
