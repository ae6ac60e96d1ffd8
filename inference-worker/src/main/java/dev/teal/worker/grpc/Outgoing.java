package dev.teal.worker.grpc;

import dev.teal.protocol.grpc.ModelInferResponse;
import dev.teal.protocol.oip.ByteWriter;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.worker.bytes.Gathered;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;

/**
 * An answer as bytes. Large outputs stay in the model's memory, which is given back when they have left.
 *
 * @param release of the model's memory, once, when {@code bytes} have left or never will
 */
record Outgoing(ByteBuf bytes, Runnable release) {
    private static final int PREFIX_BYTES = 5;
    private static final Runnable NOTHING = () -> {};

    /** What goes around a {@code ModelInferResponse}. */
    enum Frame {
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
     * @throws dev.teal.protocol.oip.InvalidInference if it is larger than a message can be
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
        before.room(PREFIX_BYTES);
        before.advance(PREFIX_BYTES);
        if (frame == Frame.STREAM_MESSAGE) {
            layout.writeStreamHead(before);
        }
        byte[] prefix = before.toByteArray();
        long messageBytes = prefix.length - PREFIX_BYTES + layout.totalBytes();
        // Past an int it is refused by what follows
        ByteBuffer.wrap(prefix).put((byte) 0).putInt((int) messageBytes);
        Gathered all = Gathered.of(prefix, head, layout.cuts(), response.outputs(), allocator::buffer);
        if (all.isOwn()) {
            release.run();
            return new Outgoing(all.bytes(), NOTHING);
        }
        return new Outgoing(all.bytes(), release);
    }

    /** It will not be sent. */
    void drop() {
        bytes.release();
        release.run();
    }
}
