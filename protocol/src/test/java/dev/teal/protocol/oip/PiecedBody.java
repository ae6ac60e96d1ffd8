package dev.teal.protocol.oip;

import java.nio.ByteBuffer;

/** A body that hands out no more than is there, as one in pieces does, and fails on anything out of its bounds. */
public record PiecedBody(byte[] bytes) implements RequestBody {
    @Override
    public int length() {
        return bytes.length;
    }

    @Override
    public void copy(int offset, byte[] to, int toOffset, int count) {
        if (offset < 0 || count < 0 || offset + count > bytes.length) {
            throw new IndexOutOfBoundsException(offset + " and " + count + " bytes of " + bytes.length);
        }
        System.arraycopy(bytes, offset, to, toOffset, count);
    }

    @Override
    public void copy(int offset, ByteBuffer to) {
        byte[] part = new byte[to.remaining()];
        copy(offset, part, 0, part.length);
        to.put(part);
    }
}
