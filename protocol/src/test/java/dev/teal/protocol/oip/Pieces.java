package dev.teal.protocol.oip;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A body as the network gives it: in pieces of any size. */
final class Pieces implements RequestBody {
    private final List<byte[]> pieces = new ArrayList<>();
    private final int length;

    Pieces(byte[] bytes, RandomGenerator random) {
        length = bytes.length;
        for (int at = 0; at < length; ) {
            int size = Math.min(length - at, 1 + random.nextInt(40));
            pieces.add(java.util.Arrays.copyOfRange(bytes, at, at + size));
            at += size;
        }
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void copy(int offset, byte[] to, int toOffset, int bytes) {
        copy(offset, ByteBuffer.wrap(to, toOffset, bytes));
    }

    @Override
    public void copy(int offset, ByteBuffer to) {
        int start = 0;
        for (byte[] piece : pieces) {
            int from = Math.max(offset - start, 0);
            if (from < piece.length) {
                to.put(piece, from, Math.min(piece.length - from, to.remaining()));
            }
            start += piece.length;
        }
        if (to.hasRemaining()) {
            throw new IndexOutOfBoundsException("asked for more than there is");
        }
    }
}
