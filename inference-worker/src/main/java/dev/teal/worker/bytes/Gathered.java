package dev.teal.worker.bytes;

import dev.teal.protocol.oip.ByteWriter;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.Tensor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * An answer: what is written of it, with outputs between that lie in the model's memory. Small outputs are copied, since one piece travels faster
 * than two and the model's memory is free at once; large ones stay where they are until they are sent.
 *
 * @param isOwn whether the bytes are a copy; otherwise they are the outputs' own memory, in part
 */
public record Gathered(ByteBuf bytes, boolean isOwn) {
    private static final int COPIED_BYTES = 32 << 10;
    static final int MOST_BYTES = Integer.MAX_VALUE - 64;

    /**
     * @param before comes first
     * @param text comes next, but for the outputs; it may be used again afterwards
     * @param cuts for each output, how much of the text comes before its bytes
     * @param buffers gives a buffer for so many bytes
     * @throws InvalidInference if it is larger than an answer can be
     */
    public static Gathered of(
            byte[] before, ByteWriter text, int[] cuts, List<Tensor> outputs, IntFunction<ByteBuf> buffers) {
        long blobs = 0;
        for (int i = 0; i < cuts.length; i++) {
            blobs += outputs.get(i).data().remaining();
        }
        long written = (long) before.length + text.size();
        if (written + blobs > MOST_BYTES) {
            throw new InvalidInference(
                    "the answer would have " + (written + blobs) + " bytes; " + MOST_BYTES + " is the most");
        }
        if (blobs <= COPIED_BYTES) {
            ByteBuf all = buffers.apply((int) (written + blobs)).writeBytes(before);
            return new Gathered(copied(all, text, cuts, outputs), true);
        }
        ByteBuf all = buffers.apply((int) written).writeBytes(before).writeBytes(text.array(), 0, text.size());
        return new Gathered(pieces(all, before.length, cuts, outputs), false);
    }

    private static ByteBuf copied(ByteBuf to, ByteWriter text, int[] cuts, List<Tensor> outputs) {
        int from = 0;
        for (int i = 0; i < cuts.length; i++) {
            to.writeBytes(text.array(), from, cuts[i] - from);
            to.writeBytes(outputs.get(i).data().duplicate());
            from = cuts[i];
        }
        return to.writeBytes(text.array(), from, text.size() - from);
    }

    /** All that is written lies in one buffer, and slices of it go between the outputs. */
    private static ByteBuf pieces(ByteBuf written, int textStart, int[] cuts, List<Tensor> outputs) {
        ByteBuf[] pieces = new ByteBuf[2 * cuts.length + 1];
        int count = 0;
        int from = 0;
        for (int i = 0; i < cuts.length; i++) {
            ByteBuffer data = outputs.get(i).data().duplicate();
            if (data.hasRemaining()) {
                int to = textStart + cuts[i];
                if (to > from) {
                    pieces[count++] = written.retainedSlice(from, to - from);
                }
                pieces[count++] = Unpooled.wrappedBuffer(data);
                from = to;
            }
        }
        // An output that is empty may stand at the end: what is left of the text comes last
        if (written.writerIndex() > from) {
            pieces[count++] = written.retainedSlice(from, written.writerIndex() - from);
        }
        written.release();
        return Unpooled.wrappedUnmodifiableBuffer(Arrays.copyOf(pieces, count));
    }
}
