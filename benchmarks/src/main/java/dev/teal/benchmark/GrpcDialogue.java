package dev.teal.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A unary gRPC call after the other on one HTTP/2 connection without TLS. The headers are never put into the compression's table, so that
 * the bytes of a question differ in the number of its stream only.
 */
final class GrpcDialogue implements Dialogue {
    private static final int FRAME_HEAD = 9;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GO_AWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int WHOLE_WINDOW = Integer.MAX_VALUE - 65_535;

    private final ByteBuffer question;
    private final int dataFrame;
    private final ByteBuffer owed = ByteBuffer.allocate(256);
    private int stream = -1;
    private boolean greeted;
    private boolean answered;

    private GrpcDialogue(ByteBuffer question, int dataFrame) {
        this.question = question;
        this.dataFrame = dataFrame;
    }

    /** @param method as {@code /package.Service/Method}; @param message of protobuf, small enough for the first window of a connection */
    static Script calling(String method, byte[] message) {
        byte[] headers = headers(method);
        int dataFrame = FRAME_HEAD + headers.length;
        return () -> {
            ByteBuffer question = ByteBuffer.allocateDirect(dataFrame + FRAME_HEAD + 5 + message.length);
            frame(question, headers.length, HEADERS, END_HEADERS).put(headers);
            frame(question, 5 + message.length, DATA, END_STREAM);
            question.put((byte) 0).putInt(message.length).put(message).flip();
            return new GrpcDialogue(question, dataFrame);
        };
    }

    private static byte[] headers(String method) {
        ByteBuffer block = ByteBuffer.allocate(512);
        // Of the static table: POST, http; path, authority and content type by their names' numbers there
        block.put((byte) 0x83).put((byte) 0x86);
        named(block, 4, method);
        named(block, 1, "localhost");
        named(block, 31, "application/grpc");
        block.put((byte) 0);
        text(block, "te");
        text(block, "trailers");
        byte[] bytes = new byte[block.position()];
        block.flip().get(bytes);
        return bytes;
    }

    private static void named(ByteBuffer block, int number, String value) {
        if (number < 15) {
            block.put((byte) number);
        } else {
            block.put((byte) 15).put((byte) (number - 15));
        }
        text(block, value);
    }

    private static void text(ByteBuffer block, String text) {
        if (text.length() > 126) {
            throw new IllegalArgumentException("a header may have 126 characters here, this is longer: " + text);
        }
        block.put((byte) text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ByteBuffer frame(ByteBuffer out, int length, int type, int flags) {
        return out.put((byte) (length >> 16))
                .putShort((short) length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(0);
    }

    @Override
    public @Nullable ByteBuffer owed() {
        if (!greeted) {
            greeted = true;
            owed.put("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            frame(owed, 0, SETTINGS, 0);
            frame(owed, 4, WINDOW_UPDATE, 0).putInt(WHOLE_WINDOW);
        }
        if (owed.position() == 0) {
            return null;
        }
        byte[] bytes = new byte[owed.position()];
        owed.flip().get(bytes);
        owed.clear();
        return ByteBuffer.wrap(bytes);
    }

    @Override
    public ByteBuffer next() {
        stream += 2;
        answered = false;
        question.putInt(5, stream).putInt(dataFrame + 5, stream);
        return question.duplicate();
    }

    @Override
    public boolean take(ByteBuffer received) throws IOException {
        boolean whole = false;
        while (received.remaining() >= FRAME_HEAD) {
            int start = received.position();
            int length = received.getInt(start) >>> 8;
            if (received.remaining() < FRAME_HEAD + length) {
                break;
            }
            whole |= frame(received.get(start + 3), received.get(start + 4), received, start + FRAME_HEAD, length);
            received.position(start + FRAME_HEAD + length);
        }
        return whole;
    }

    /** @return whether it ended the call */
    private boolean frame(int type, int flags, ByteBuffer received, int start, int length) throws IOException {
        switch (type) {
            case DATA -> answered |= length > 5;
            case SETTINGS -> {
                if ((flags & ACK) == 0) {
                    frame(owed, 0, SETTINGS, ACK);
                }
            }
            case PING -> {
                if ((flags & ACK) == 0) {
                    frame(owed, 8, PING, ACK).putLong(received.getLong(start));
                }
            }
            case GO_AWAY -> throw new IOException("the server ended the connection");
            case HEADERS -> {
                if ((flags & END_STREAM) != 0 && !answered) {
                    throw new IOException("the call was answered with an error");
                }
                return (flags & END_STREAM) != 0;
            }
            default -> {
                return false;
            }
        }
        return false;
    }
}
