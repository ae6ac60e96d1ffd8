package dev.teal.protocol.onnx;

import dev.teal.protocol.wire.WireType;
import dev.teal.protocol.wire.WireWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A message in the making, in protobuf's wire format; also one that no honest writer would make. */
public final class Message {
    private final WireWriter to = new WireWriter();

    public Message with(int field, long number) {
        to.put(field, number);
        return this;
    }

    public Message with(int field, String text) {
        to.put(field, text);
        return this;
    }

    public Message with(int field, Message message) {
        to.put(field, message.to);
        return this;
    }

    public Message with(int field, byte[] content) {
        to.put(field, content);
        return this;
    }

    public Message withFloat(int field, float number) {
        byte[] bits = ByteBuffer.allocate(Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(number)
                .array();
        return varint((long) field << 3 | WireType.FIXED32).raw(bits);
    }

    /** A field that says it has {@code length} bytes, and brings these. */
    public Message promising(int field, long length, byte[] content) {
        to.begin(field, length).raw(content);
        return this;
    }

    public Message varint(long value) {
        to.varint(value);
        return this;
    }

    /** As they are. */
    public Message raw(int... octets) {
        for (int octet : octets) {
            to.raw(new byte[] {(byte) octet});
        }
        return this;
    }

    public Message raw(byte[] content) {
        to.raw(content);
        return this;
    }

    public byte[] bytes() {
        return to.toByteArray();
    }
}
