package dev.teal.protocol.grpc;

import dev.teal.protocol.oip.ByteWriter;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.wire.WireWriter;
import java.nio.charset.StandardCharsets;

/**
 * Where the parts of a {@code ModelInferResponse} lie. Outputs always come as {@code raw_output_contents}, and those bytes stay where they are:
 * the message is the head up to the first cut, the first output's bytes, the head up to the second cut, and so on.
 *
 * @param cuts for each output, how much of the head comes before its bytes; the head ends at the last
 * @param totalBytes of the message
 */
public record ModelInferResponse(int[] cuts, long totalBytes) {
    private static final byte[] FINAL_RESPONSE = ((WireWriter.Message)
                    parameter -> parameter.add(1, "triton_final_response").message(2, value -> value.add(1, true)))
            .toByteArray();

    /**
     * Writes the head.
     *
     * @param finalResponse whether to say that this is the last answer to its request
     */
    public static ModelInferResponse write(InferenceResponse response, boolean finalResponse, ByteWriter head) {
        WireWriter to = new WireWriter(head);
        int start = head.size();
        to.add(1, response.modelName()).add(2, response.modelVersion());
        if (response.id() != null) {
            to.add(3, response.id());
        }
        if (finalResponse) {
            to.put(4, FINAL_RESPONSE);
        }
        for (Tensor output : response.outputs()) {
            output(output, to);
        }
        int[] cuts = new int[response.outputs().size()];
        long raw = 0;
        for (int i = 0; i < cuts.length; i++) {
            int bytes = response.outputs().get(i).data().remaining();
            to.begin(6, bytes);
            cuts[i] = head.size() - start;
            raw += bytes;
        }
        return new ModelInferResponse(cuts, head.size() - start + raw);
    }

    private static void output(Tensor output, WireWriter to) {
        byte[] name = output.name().getBytes(StandardCharsets.UTF_8);
        String datatype = output.datatype().name();
        long shapeBytes = 0;
        for (long dimension : output.shape()) {
            shapeBytes += WireWriter.varintBytes(dimension);
        }
        to.begin(
                5,
                WireWriter.fieldBytes(name.length)
                        + WireWriter.fieldBytes(datatype.length())
                        + (shapeBytes == 0 ? 0 : WireWriter.fieldBytes(shapeBytes)));
        to.put(1, name).add(2, datatype);
        if (shapeBytes > 0) {
            to.begin(3, shapeBytes);
            for (long dimension : output.shape()) {
                to.varint(dimension);
            }
        }
    }

    /** What comes before the message where it is one of {@code ModelStreamInfer}'s. */
    public void writeStreamHead(ByteWriter to) {
        new WireWriter(to).begin(2, totalBytes);
    }
}
