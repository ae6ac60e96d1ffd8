package dev.teal.protocol.oip;

import java.util.Arrays;

/** Bytes that are written one after the other into one array that grows; to be used again after {@link #clear}. */
public final class ByteWriter {
    private static final int KEPT_BYTES = 1 << 20;

    private byte[] bytes = new byte[1024];
    private int size;

    /** The array itself; valid until the next write. */
    public byte[] array() {
        return bytes;
    }

    public int size() {
        return size;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /** Begins anew; an array that one large answer has made is let go. */
    public void clear() {
        size = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[1024];
        }
    }

    /** Makes room for so many more bytes. @return the array, to be written from {@link #size} on and then {@link #advance}d */
    public byte[] room(int more) {
        if (bytes.length - size < more) {
            int wanted = Math.addExact(size, more);
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(wanted, bytes.length * 2L)));
        }
        return bytes;
    }

    public void advance(int written) {
        size += written;
    }
}
