package dev.teal.worker.grpc;

import dev.teal.protocol.grpc.ModelInferResponse;
import dev.teal.protocol.oip.ByteWriter;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.Tensor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/**
 * An answer as bytes. Large outputs stay in the model's memory, which is given back when they have left; an answer that is small as a whole is
 * copied, which costs less than to keep that memory.
 *
 * @param release of the model's memory, once, when {@code bytes} have left or never will
 */
record Outgoing(ByteBuf bytes, Runnable release) {
    private static final int COPIED_BYTES = 32 * 1024;
    private static final int MOST_BYTES = Integer.MAX_VALUE - 64;
    private static final int PREFIX_BYTES = 5;
    private static final Runnable NOTHING = () -> {};

    /** What goes around a {@code ModelInferResponse}. */
    enum Frame {
        /** Nothing: it is an HTTP body. */
        BARE,
        /** Marked and measured, as gRPC has messages. */
        MESSAGE,
        /** The same, within a {@code ModelStreamInferResponse}. */
        STREAM_MESSAGE
    }

    static Outgoing of(byte[] message, ByteBufAllocator allocator) {
        ByteBuf bytes = allocator.buffer(PREFIX_BYTES + message.length);
        return new Outgoing(bytes.writeByte(0).writeInt(message.length).writeBytes(message), NOTHING);
    }

    /**
     * On any thread. Where it throws, {@code release} is still the caller's.
     *
     * @throws InvalidInference if it is larger than a message can be
     */
    static Outgoing of(
            InferenceResponse response,
            boolean finalResponse,
            Frame frame,
            ByteBufAllocator allocator,
            Runnable release) {
        ByteWriter head = new ByteWriter();
        ModelInferResponse layout = ModelInferResponse.write(response, finalResponse, head);
        ByteWriter before = new ByteWriter();
        if (frame == Frame.STREAM_MESSAGE) {
            layout.writeStreamHead(before);
        }
        long messageBytes = before.size() + layout.totalBytes();
        if (messageBytes > MOST_BYTES) {
            throw new InvalidInference(
                    "the answer would have " + messageBytes + " bytes; " + MOST_BYTES + " is the most");
        }
        boolean copied = messageBytes <= COPIED_BYTES;
        ByteBuf first = allocator.buffer(
                copied ? PREFIX_BYTES + (int) messageBytes : PREFIX_BYTES + before.size() + head.size());
        if (frame != Frame.BARE) {
            first.writeByte(0).writeInt((int) messageBytes);
        }
        first.writeBytes(before.array(), 0, before.size());
        if (copied) {
            copy(response, layout, head, first);
            release.run();
            return new Outgoing(first, NOTHING);
        }
        return new Outgoing(gathered(response, layout, head, first, allocator), release);
    }

    private static void copy(InferenceResponse response, ModelInferResponse layout, ByteWriter head, ByteBuf to) {
        int from = 0;
        for (int i = 0; i < layout.cuts().length; i++) {
            to.writeBytes(head.array(), from, layout.cuts()[i] - from);
            to.writeBytes(response.outputs().get(i).data().duplicate());
            from = layout.cuts()[i];
        }
        to.writeBytes(head.array(), from, head.size() - from);
    }

    private static ByteBuf gathered(
            InferenceResponse response,
            ModelInferResponse layout,
            ByteWriter head,
            ByteBuf first,
            ByteBufAllocator allocator) {
        CompositeByteBuf all = allocator.compositeBuffer(2 * layout.cuts().length + 2);
        ByteBuf text = first;
        int from = 0;
        for (int i = 0; i < layout.cuts().length; i++) {
            text.writeBytes(head.array(), from, layout.cuts()[i] - from);
            from = layout.cuts()[i];
            Tensor output = response.outputs().get(i);
            ByteBuffer data = output.data().duplicate();
            if (data.hasRemaining()) {
                all.addComponent(true, text);
                all.addComponent(true, Unpooled.wrappedBuffer(data));
                text = allocator.buffer(Math.max(16, head.size() - from));
            }
        }
        text.writeBytes(head.array(), from, head.size() - from);
        all.addComponent(true, text);
        return all;
    }

    /** It will not be sent. */
    void drop() {
        bytes.release();
        release.run();
    }
}
