package dev.teal.worker.grpc;

import dev.teal.protocol.oip.RequestBody;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One message as it came. A small one is copied, so that it does not hold the buffer that it came in; of a large one the pieces are kept as they
 * are, but for crumbs, which are swept together.
 */
final class MessageBody implements RequestBody {
    private static final int SMALL_BYTES = 8 * 1024;
    private static final int CRUMB_BYTES = 1024;
    private static final int SWEPT_BYTES = 16 * 1024;

    private final ByteBufAllocator allocator;
    private final int length;
    private final byte[] small;
    private ByteBuf[] pieces = {};
    private int[] ends = {};
    private int count;
    private int size;
    private int last;

    MessageBody(int length, ByteBufAllocator allocator) {
        this.length = length;
        this.allocator = allocator;
        this.small = new byte[length <= SMALL_BYTES ? length : 0];
    }

    boolean isWhole() {
        return size == length;
    }

    /** Takes what belongs to it. */
    void add(ByteBuf data) {
        int bytes = Math.min(data.readableBytes(), length - size);
        if (bytes == 0) {
            return;
        }
        if (length <= SMALL_BYTES) {
            data.readBytes(small, size, bytes);
        } else if (bytes < CRUMB_BYTES) {
            sweep(data, bytes);
        } else {
            piece(data.readRetainedSlice(bytes), size + bytes);
        }
        size += bytes;
    }

    private void sweep(ByteBuf data, int bytes) {
        ByteBuf tail = count == 0 ? null : pieces[count - 1];
        if (tail != null && !tail.isReadOnly() && tail.capacity() == SWEPT_BYTES && tail.writableBytes() >= bytes) {
            tail.writeBytes(data, bytes);
            ends[count - 1] += bytes;
        } else {
            piece(allocator.buffer(SWEPT_BYTES, SWEPT_BYTES).writeBytes(data, bytes), size + bytes);
        }
    }

    private void piece(ByteBuf piece, int end) {
        if (count == pieces.length) {
            pieces = Arrays.copyOf(pieces, Math.max(8, count * 2));
            ends = Arrays.copyOf(ends, pieces.length);
        }
        pieces[count] = piece;
        ends[count++] = end;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void copy(int offset, byte[] to, int toOffset, int bytes) {
        if (length <= SMALL_BYTES) {
            System.arraycopy(small, offset, to, toOffset, bytes);
        } else {
            copy(offset, ByteBuffer.wrap(to, toOffset, bytes));
        }
    }

    @Override
    public void copy(int offset, ByteBuffer to) {
        if (length <= SMALL_BYTES) {
            to.put(small, offset, to.remaining());
            return;
        }
        int at = offset;
        int end = to.limit();
        while (to.position() < end) {
            seek(at);
            int start = ends[last] - pieces[last].readableBytes();
            int bytes = Math.min(ends[last] - at, end - to.position());
            to.limit(to.position() + bytes);
            pieces[last].getBytes(pieces[last].readerIndex() + at - start, to);
            at += bytes;
        }
        to.limit(end);
    }

    /** Reading goes forward nearly always, so the last piece or the one behind it is the one. */
    private void seek(int offset) {
        if (offset < ends[last] - pieces[last].readableBytes()) {
            last = 0;
        }
        while (ends[last] <= offset) {
            last++;
        }
    }

    void release() {
        for (int i = 0; i < count; i++) {
            pieces[i].release();
        }
        count = 0;
    }
}
