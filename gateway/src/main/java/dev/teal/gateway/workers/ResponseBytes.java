package dev.teal.gateway.workers;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;

/** A worker's response, read whole: one that breaks in the middle becomes an error and not a torn answer. */
final class ResponseBytes {
    private final long limitBytes;
    private byte[] bytes = {};
    private int size;

    ResponseBytes(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    void add(ByteBuf buffer) {
        int more = buffer.readableBytes();
        if (size + (long) more > limitBytes) {
            throw new IllegalStateException("response is over the limit of " + limitBytes + " bytes");
        }
        if (size == 0) {
            bytes = ByteBufUtil.getBytes(buffer);
        } else {
            if (size + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
            }
            buffer.readBytes(bytes, size, more);
        }
        size += more;
    }

    byte[] all() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }
}
