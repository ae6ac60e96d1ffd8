package dev.teal.protocol.grpc;

import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.RequestLimits;
import dev.teal.protocol.wire.WireType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Walks protobuf's wire format over a body in pieces. Small things go through a window of a few kilobytes; what is large is skipped, or
 * copied to where it belongs. It never goes deeper than its caller does: an unknown message is skipped whole.
 *
 * <p>ONNX files have a reader of their own, over a mapping; this one goes back to parts that it passed, and takes what protobuf takes.
 */
final class WireReader {
    private static final int WINDOW_BYTES = 4096;
    private static final int MOST_VARINT_BYTES = 10;

    private final RequestBody body;
    private final byte[] window;
    private int windowStart;
    private int windowEnd;
    private int position;
    private int limit;

    WireReader(RequestBody body) {
        this.body = body;
        this.limit = body.length();
        this.window = new byte[Math.min(WINDOW_BYTES, limit)];
    }

    boolean more() {
        return position < limit;
    }

    int position() {
        return position;
    }

    /** Goes to a part of the body that was passed before. */
    void seek(int start, int length) {
        position = start;
        limit = start + length;
    }

    /** The next field's number shifted by three, with its wire type below. */
    int tag() {
        long tag = varint();
        int type = (int) tag & 7;
        if (tag >>> 3 == 0 || tag >>> Integer.SIZE != 0) {
            throw new InvalidInference("the message has a field without a number; it is not protobuf");
        }
        if (type != WireType.VARINT && type != WireType.FIXED64 && type != WireType.BYTES && type != WireType.FIXED32) {
            throw new InvalidInference("the message has a field of wire type " + type + ", which proto3 does not have");
        }
        return (int) tag;
    }

    private byte next() {
        if (position >= limit) {
            throw truncated();
        }
        if (position < windowStart || position >= windowEnd) {
            int bytes = Math.min(window.length, body.length() - position);
            body.copy(position, window, 0, bytes);
            windowStart = position;
            windowEnd = position + bytes;
        }
        return window[position++ - windowStart];
    }

    long varint() {
        long value = 0;
        for (int i = 0; i < MOST_VARINT_BYTES; i++) {
            byte next = next();
            value |= (long) (next & 0x7f) << 7 * i;
            if (next >= 0) {
                return value;
            }
        }
        throw new InvalidInference("the message has a number of more than " + MOST_VARINT_BYTES + " bytes");
    }

    int fixed32() {
        int value = 0;
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            value |= (next() & 0xff) << shift;
        }
        return value;
    }

    long fixed64() {
        return fixed32() & 0xffff_ffffL | (long) fixed32() << Integer.SIZE;
    }

    /** Of what follows; it is there. */
    int length() {
        long length = varint();
        if (length < 0 || length > limit - position) {
            throw truncated();
        }
        return (int) length;
    }

    /** Enters a message or a packed field. @return what {@link #leave} takes */
    int enter() {
        int length = length();
        int outer = limit;
        limit = position + length;
        return outer;
    }

    void leave(int outer) {
        limit = outer;
    }

    /** Strictly UTF-8. @param what names it in an error */
    String text(int mostBytes, String what) {
        int length = length();
        RequestLimits.requireBytes(length, mostBytes, what);
        byte[] bytes = new byte[length];
        body.copy(position, bytes, 0, length);
        position += length;
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidInference(what + " is not UTF-8", e);
        }
    }

    /** Copies the next bytes to the position of {@code to}. They are there. */
    void copy(int bytes, ByteBuffer to) {
        int end = to.limit();
        to.limit(to.position() + bytes);
        body.copy(position, to);
        to.limit(end);
        position += bytes;
    }

    void pass(int bytes) {
        position += bytes;
    }

    void skip(int tag) {
        switch (tag & 7) {
            case WireType.VARINT -> varint();
            case WireType.FIXED64 -> passFixed(Long.BYTES);
            case WireType.FIXED32 -> passFixed(Integer.BYTES);
            default -> pass(length());
        }
    }

    private void passFixed(int bytes) {
        if (limit - position < bytes) {
            throw truncated();
        }
        pass(bytes);
    }

    private static InvalidInference truncated() {
        return new InvalidInference("the message ends within a field; it is not protobuf, or was cut");
    }
}
