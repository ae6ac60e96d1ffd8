package dev.teal.protocol.wire;

import dev.teal.protocol.oip.ByteWriter;
import java.nio.charset.StandardCharsets;

/**
 * Protobuf's wire format into a {@link ByteWriter}. To {@code add} a field leaves it out where it holds its default, as proto3 does; to
 * {@code put} it writes it whatever it holds, as an element of a repeated field and proto2 want it.
 */
public final class WireWriter {
    private static final int MOST_VARINT_BYTES = 10;

    private final ByteWriter to;

    public WireWriter(ByteWriter to) {
        this.to = to;
    }

    /** Into bytes of its own. */
    public WireWriter() {
        this(new ByteWriter());
    }

    /** All that the bytes written to hold. */
    public byte[] toByteArray() {
        return to.toByteArray();
    }

    public static int varintBytes(long value) {
        return (Long.SIZE + 6 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** Of a field with so many bytes behind its length, tag included. @param field below 16 */
    public static long fieldBytes(long length) {
        return 1 + varintBytes(length) + length;
    }

    public WireWriter varint(long value) {
        byte[] bytes = to.room(MOST_VARINT_BYTES);
        int at = to.size();
        long left = value;
        while ((left & ~0x7fL) != 0) {
            bytes[at++] = (byte) (left & 0x7f | 0x80);
            left >>>= 7;
        }
        bytes[at++] = (byte) left;
        to.advance(at - to.size());
        return this;
    }

    /** Bytes as they are: fields that were written before. */
    public WireWriter raw(byte[] fields) {
        System.arraycopy(fields, 0, to.room(fields.length), to.size(), fields.length);
        to.advance(fields.length);
        return this;
    }

    /** The beginning of a field whose bytes follow. */
    public WireWriter begin(int field, long length) {
        return varint((long) field << 3 | WireType.BYTES).varint(length);
    }

    public WireWriter add(int field, long number) {
        return number == 0 ? this : put(field, number);
    }

    public WireWriter add(int field, boolean flag) {
        return add(field, flag ? 1 : 0);
    }

    public WireWriter add(int field, String text) {
        return text.isEmpty() ? this : put(field, text);
    }

    public WireWriter put(int field, long number) {
        return varint((long) field << 3 | WireType.VARINT).varint(number);
    }

    public WireWriter put(int field, String text) {
        return put(field, text.getBytes(StandardCharsets.UTF_8));
    }

    public WireWriter put(int field, byte[] value) {
        return begin(field, value.length).raw(value);
    }

    /** @param message another writer's, which has bytes of its own */
    public WireWriter put(int field, WireWriter message) {
        return put(field, message.toByteArray());
    }

    public WireWriter message(int field, Message message) {
        WireWriter inner = new WireWriter();
        message.write(inner);
        return put(field, inner);
    }

    /** Whole numbers, packed. */
    public WireWriter packed(int field, Iterable<Long> numbers) {
        WireWriter packed = new WireWriter();
        numbers.forEach(packed::varint);
        return packed.to.size() == 0 ? this : put(field, packed);
    }

    /** What is in a message. */
    @FunctionalInterface
    public interface Message {
        void write(WireWriter to);

        default byte[] toByteArray() {
            WireWriter bytes = new WireWriter();
            write(bytes);
            return bytes.toByteArray();
        }
    }
}
