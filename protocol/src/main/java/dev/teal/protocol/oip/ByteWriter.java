package dev.teal.protocol.oip;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes that are written one after the other into one array that grows; to be used again after {@link #clear}. */
public final class ByteWriter {
    private static final int KEPT_BYTES = 4 << 20;

    /** What every virtual machine gives. */
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

    /** What is passed on at once, or a little more. */
    private static final int PASSED_BYTES = 512 << 10;

    private byte[] bytes = new byte[1024];
    private int size;
    private @Nullable Outlet outlet;

    /** Takes what has been written so far, so that it need not be whole in memory. */
    @FunctionalInterface
    public interface Outlet {
        /** @param written its first {@code size} bytes, to be copied before the call returns */
        void take(byte[] written, int size);
    }

    /** From now on, and until {@link #clear}, what is written may leave in pieces; {@link #size} is of the rest then. */
    public void passTo(Outlet next) {
        outlet = next;
    }

    /** What is written may leave here: nothing is put into it any more. */
    void pass() {
        if (size >= PASSED_BYTES && outlet != null) {
            outlet.take(bytes, size);
            size = 0;
        }
    }

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
        outlet = null;
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
