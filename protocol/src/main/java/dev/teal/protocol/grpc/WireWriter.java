package dev.teal.protocol.grpc;

import dev.teal.protocol.oip.ByteWriter;
import java.nio.charset.StandardCharsets;

/** Protobuf's wire format into a {@link ByteWriter}; fields that hold their default are left out, as proto3 does. */
final class WireWriter {
    private static final int MOST_VARINT_BYTES = 10;

    private final ByteWriter to;

    WireWriter(ByteWriter to) {
        this.to = to;
    }

    static int varintBytes(long value) {
        return (Long.SIZE + 6 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }

    /** Of a field with so many bytes behind its length, tag included. @param field below 16 */
    static long fieldBytes(long length) {
        return 1 + varintBytes(length) + length;
    }

    WireWriter varint(long value) {
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

    /** The beginning of a field whose bytes follow. */
    WireWriter begin(int field, long length) {
        return varint((long) field << 3 | WireReader.BYTES).varint(length);
    }

    WireWriter add(int field, long number) {
        return number == 0
                ? this
                : varint((long) field << 3 | WireReader.VARINT).varint(number);
    }

    WireWriter add(int field, boolean flag) {
        return add(field, flag ? 1 : 0);
    }

    WireWriter add(int field, String text) {
        return text.isEmpty() ? this : bytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Also where it is empty: an element of a repeated field is one whatever it holds. */
    WireWriter bytes(int field, byte[] value) {
        begin(field, value.length);
        System.arraycopy(value, 0, to.room(value.length), to.size(), value.length);
        to.advance(value.length);
        return this;
    }

    WireWriter message(int field, Message message) {
        ByteWriter inner = new ByteWriter();
        message.write(new WireWriter(inner));
        return bytes(field, inner.toByteArray());
    }

    /** Whole numbers, packed. */
    WireWriter packed(int field, Iterable<Long> numbers) {
        ByteWriter inner = new ByteWriter();
        WireWriter packed = new WireWriter(inner);
        numbers.forEach(packed::varint);
        return inner.size() == 0 ? this : bytes(field, inner.toByteArray());
    }

    /** What is in a message. */
    @FunctionalInterface
    interface Message {
        void write(WireWriter to);

        default byte[] toByteArray() {
            ByteWriter bytes = new ByteWriter();
            write(new WireWriter(bytes));
            return bytes.toByteArray();
        }
    }
}
