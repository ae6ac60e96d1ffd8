package dev.teal.worker.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** Cuts a stream's bytes into messages: a flag, a length of 4 bytes, and the message. */
final class MessageReader {
    private static final int PREFIX_BYTES = 5;

    private final ByteBufAllocator allocator;
    private final Sink sink;
    private int prefixBytes;
    private boolean compressed;
    private long length;
    private boolean wanted;
    private long unwantedBytes;
    private @Nullable MessageBody body;

    /** Whom they are for. */
    interface Sink {
        /** Whether one more message may begin now. */
        boolean takesMore();

        /** A message begins. @return whether it is wanted; its bytes are passed over otherwise */
        boolean begins(boolean compressed, long length);

        /** The message that has begun is here; the body is the receiver's to release. */
        void isWhole(boolean compressed, MessageBody body);
    }

    MessageReader(ByteBufAllocator allocator, Sink sink) {
        this.allocator = allocator;
        this.sink = sink;
    }

    boolean isWithinMessage() {
        return prefixBytes > 0;
    }

    /** Reads as far as the sink takes it. */
    void read(ByteBuf data) {
        while (prefixBytes > 0 || (data.isReadable() && sink.takesMore())) {
            if (prefixBytes < PREFIX_BYTES && !prefix(data)) {
                return;
            }
            if (!content(data)) {
                return;
            }
        }
    }

    private boolean prefix(ByteBuf data) {
        while (prefixBytes < PREFIX_BYTES) {
            if (!data.isReadable()) {
                return false;
            }
            int next = data.readUnsignedByte();
            if (prefixBytes++ == 0) {
                compressed = next != 0;
                length = 0;
            } else {
                length = length << 8 | next;
            }
        }
        wanted = sink.begins(compressed, length);
        if (wanted) {
            body = new MessageBody((int) length, allocator);
        } else {
            unwantedBytes = length;
        }
        return true;
    }

    /** @return whether the message has ended */
    private boolean content(ByteBuf data) {
        MessageBody current = body;
        if (current == null) {
            int bytes = (int) Math.min(unwantedBytes, data.readableBytes());
            data.skipBytes(bytes);
            unwantedBytes -= bytes;
            prefixBytes = unwantedBytes == 0 ? 0 : PREFIX_BYTES;
            return unwantedBytes == 0;
        }
        current.add(data);
        if (!current.isWhole()) {
            return false;
        }
        body = null;
        prefixBytes = 0;
        sink.isWhole(compressed, current);
        return true;
    }

    /** What has begun will not be whole. */
    void close() {
        if (body != null) {
            body.release();
            body = null;
        }
    }
}
