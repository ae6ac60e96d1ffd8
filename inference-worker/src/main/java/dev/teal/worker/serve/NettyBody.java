package dev.teal.worker.serve;

import dev.teal.protocol.oip.RequestBody;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** A body as the network gave it. */
public record NettyBody(ByteBuf bytes) implements RequestBody {
    @Override
    public int length() {
        return bytes.readableBytes();
    }

    @Override
    public void copy(int offset, byte[] to, int toOffset, int count) {
        bytes.getBytes(bytes.readerIndex() + offset, to, toOffset, count);
    }

    @Override
    public void copy(int offset, ByteBuffer to) {
        bytes.getBytes(bytes.readerIndex() + offset, to);
    }
}
