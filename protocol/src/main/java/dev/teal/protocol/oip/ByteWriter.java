package dev.teal.protocol.oip;

import java.util.Arrays;

/** Bytes that are written one after the other into one array that grows; to be used again after {@link #clear}. */
public final class ByteWriter {
    private static final int KEPT_BYTES = 4 << 20;

    /** What every virtual machine gives. */
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

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

    /** Begins anew; an array larger than an image in JSON makes is let go. */
    public void clear() {
        size = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[1024];
        }
    }

    /**
     * Makes room for so many more bytes.
     *
     * @return the array, to be written from {@link #size} on and then {@link #advance}d
     * @throws InvalidInference if that is more than an array can hold
     */
    public byte[] room(int more) {
        if (bytes.length - size < more) {
            long wanted = (long) size + more;
            if (wanted > MAX_BYTES) {
                throw new InvalidInference("what is to be written takes more than " + MAX_BYTES
                        + " bytes; ask for fewer elements, or for binary data in place of JSON");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(MAX_BYTES, Math.max(wanted, bytes.length * 2L)));
        }
        return bytes;
    }

    public void advance(int written) {
        size += written;
    }
}
