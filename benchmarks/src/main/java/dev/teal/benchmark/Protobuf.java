package dev.teal.benchmark;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A message of protobuf, written field by field: the little of its encoding that is needed here. */
final class Protobuf {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Protobuf add(int field, long number) {
        varint((long) field << 3);
        varint(number);
        return this;
    }

    Protobuf add(int field, String text) {
        return add(field, text.getBytes(StandardCharsets.UTF_8));
    }

    Protobuf add(int field, Protobuf message) {
        return add(field, message.bytes());
    }

    Protobuf add(int field, byte[] value) {
        varint((long) field << 3 | 2);
        varint(value.length);
        bytes.writeBytes(value);
        return this;
    }

    Protobuf append(Protobuf others) {
        bytes.writeBytes(others.bytes());
        return this;
    }

    private void varint(long value) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            bytes.write((int) (left & 0x7f | 0x80));
            left >>>= 7;
        }
        bytes.write((int) left);
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
