package dev.teal.protocol.oip;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Numbers on their way to a buffer, a few kilobytes at a time: a buffer of native memory looks whether it is still there at each element that is
 * put, which costs a third of all that reading a float takes.
 */
final class Staged {
    static final Staged NOTHING = new Staged(ByteBuffer.allocate(0));

    private static final int MOST_BYTES = 4 << 10;
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final ByteBuffer out;
    private final byte[] bytes;
    private int size;

    /** @param out a whole number of elements long */
    Staged(ByteBuffer out) {
        this.out = out;
        this.bytes = new byte[Math.min(MOST_BYTES, out.remaining())];
    }

    void put(byte value) {
        bytes[room(Byte.BYTES)] = value;
    }

    void putShort(short value) {
        SHORT.set(bytes, room(Short.BYTES), value);
    }

    void putInt(int value) {
        INT.set(bytes, room(Integer.BYTES), value);
    }

    void putLong(long value) {
        LONG.set(bytes, room(Long.BYTES), value);
    }

    private int room(int wanted) {
        if (size + wanted > bytes.length) {
            flush();
        }
        int at = size;
        size += wanted;
        return at;
    }

    void flush() {
        out.put(bytes, 0, size);
        size = 0;
    }
}
