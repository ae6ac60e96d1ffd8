package dev.teal.protocol.oip;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The Open Inference Protocol's JSON and its binary tensor extension. Any bytes give a value or {@link InvalidInference}, with memory in
 * proportion to the bytes and not to what they claim. Beyond RFC 8259, {@code NaN}, {@code Infinity} and {@code -Infinity} are numbers, as
 * existing servers and clients have it. How many bytes there may be is the caller's to limit. What is read keeps nothing of the arrays it
 * was read from.
 */
public final class InferenceCodec {
    private InferenceCodec() {}

    /** Reads a request that is JSON and nothing else. */
    public static InferenceRequest readRequest(byte[] json, int offset, int length, TensorAllocator memory) {
        return new RequestReader(new TensorSource(new JsonCursor(json, offset, length), memory, null, false)).read();
    }

    /**
     * Reads a request.
     *
     * @param jsonBytes what Inference-Header-Content-Length says, so that binary tensors may lie behind; -1 where it is not there: all is JSON
     * @param scratch cleared and used for the JSON
     */
    public static InferenceRequest readRequest(
            RequestBody body, int jsonBytes, ByteWriter scratch, TensorAllocator memory) {
        return new RequestReader(source(body, jsonBytes, scratch, memory)).read();
    }

    public static InferenceRequest readRequest(RequestBody body, int jsonBytes, TensorAllocator memory) {
        return readRequest(body, jsonBytes, new ByteWriter(), memory);
    }

    /**
     * Reads a raw request (Inference-Header-Content-Length of 0): the body is the one input's elements.
     *
     * @param batched whether the first dimension of the signature's shapes, which is open, is the batch's
     */
    public static InferenceRequest readRaw(
            RequestBody body, ModelSignature signature, boolean batched, TensorAllocator memory) {
        return RawRequest.read(body, signature, batched, memory);
    }

    /** For clients; the parameters are those of {@link #readRequest(RequestBody, int, TensorAllocator)}. */
    public static InferenceResponse readResponse(RequestBody body, int jsonBytes, TensorAllocator memory) {
        return ResponseReader.read(source(body, jsonBytes, new ByteWriter(), memory));
    }

    /**
     * Writes the JSON of a response. Outputs that are binary carry the size of their bytes, which the caller sends behind the JSON, one
     * tensor after the other.
     *
     * @param binary of each output
     * @throws BinaryOnly if an output is to be JSON whose datatype JSON can't carry
     * @throws InvalidInference if a BYTES element is to be JSON and is not UTF-8
     */
    public static void write(InferenceResponse response, boolean[] binary, ByteWriter out) {
        InferenceWriter.write(response, binary, out);
    }

    /** For clients: the JSON of a request; see {@link #write(InferenceResponse, boolean[], ByteWriter)}. */
    public static void write(InferenceRequest request, boolean[] binary, ByteWriter out) {
        InferenceWriter.write(request, binary, out);
    }

    /** Appends the bytes of the tensors that are binary. */
    public static void writeBinary(List<Tensor> tensors, boolean[] binary, ByteWriter out) {
        for (int i = 0; i < tensors.size(); i++) {
            if (binary[i]) {
                ByteBuffer data = tensors.get(i).data();
                int bytes = data.limit();
                data.get(0, out.room(bytes), out.size(), bytes);
                out.advance(bytes);
            }
        }
    }

    /**
     * Checks a tensor whose elements came as bytes in another way than through here: its shape's size, BOOL bytes, the lengths of BYTES.
     *
     * @throws InvalidInference in the words of the protocol's servers
     */
    public static void requireWhole(Tensor input) {
        long elements;
        try {
            elements = input.elements();
        } catch (ArithmeticException e) {
            throw new InvalidInference("'" + input.name() + "' has a shape of more elements than can be counted", e);
        }
        BinaryTensors.requireSize(
                "input", input.name(), input.datatype(), elements, input.data().limit());
        BinaryTensors.requireElements("input", input.name(), input.datatype(), elements, input.data());
    }

    private static TensorSource source(RequestBody body, int jsonBytes, ByteWriter scratch, TensorAllocator memory) {
        if (jsonBytes > body.length()) {
            throw new InvalidInference(
                    "inference header size should be in range (0, " + body.length() + "), got: " + jsonBytes);
        }
        int length = jsonBytes < 0 ? body.length() : jsonBytes;
        scratch.clear();
        body.copy(0, scratch.room(length), 0, length);
        BinaryTensors binary = jsonBytes < 0 ? null : new BinaryTensors(body, jsonBytes);
        return new TensorSource(new JsonCursor(scratch.array(), 0, length), memory, binary, false);
    }
}
