package dev.teal.protocol.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A message in the making, in protobuf's wire format; also one that no honest writer would make. */
public final class Message {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public Message with(int field, long number) {
        return varint((long) field << 3).varint(number);
    }

    public Message with(int field, String text) {
        return with(field, text.getBytes(StandardCharsets.UTF_8));
    }

    public Message with(int field, Message message) {
        return with(field, message.bytes());
    }

    public Message with(int field, byte[] content) {
        return promising(field, content.length, content);
    }

    public Message withFloat(int field, float number) {
        varint((long) field << 3 | 5);
        int bits = Float.floatToRawIntBits(number);
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            bytes.write(bits >>> shift);
        }
        return this;
    }

    /** A field that says it has {@code length} bytes, and brings these. */
    public Message promising(int field, long length, byte[] content) {
        varint((long) field << 3 | 2).varint(length);
        bytes.writeBytes(content);
        return this;
    }

    public Message varint(long value) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            bytes.write((int) (left & 0x7f | 0x80));
            left >>>= 7;
        }
        bytes.write((int) left);
        return this;
    }

    /** As they are. */
    public Message raw(int... octets) {
        for (int octet : octets) {
            bytes.write(octet);
        }
        return this;
    }

    public Message raw(byte[] content) {
        bytes.writeBytes(content);
        return this;
    }

    public byte[] bytes() {
        return bytes.toByteArray();
    }
}
