package dev.teal.gateway.fake;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Predicate;

/** A client that writes HTTP/2 frames one by one, and so can do what no library does. It never widens a window by itself. */
public final class RawGrpc implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RESET = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GO_AWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int END_STREAM = 1;
    public static final int ENHANCE_YOUR_CALM = 11;

    public static final String INFER = "/inference.GRPCInferenceService/ModelInfer";
    public static final String STREAM = "/inference.GRPCInferenceService/ModelStreamInfer";

    private static final int END_HEADERS = 4;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket = new Socket();
    private final OutputStream out;
    private final DataInputStream in;

    /** What the server says. */
    public record Frame(int type, int flags, int stream, byte[] payload) {
        /** Of a reset or a GOAWAY. */
        public int error() {
            return ByteBuffer.wrap(payload).getInt(type == GO_AWAY ? 4 : 0);
        }

        public String text() {
            return new String(payload, StandardCharsets.ISO_8859_1);
        }
    }

    /** @param settings id and value by turns */
    public RawGrpc(int port, int... settings) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(30_000);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        out = socket.getOutputStream();
        in = new DataInputStream(socket.getInputStream());
        out.write(PREFACE);
        // Without a table of what was said before, so that what is said can be read
        ByteBuffer payload = ByteBuffer.allocate(6 + settings.length / 2 * 6)
                .putShort((short) 1)
                .putInt(0);
        for (int i = 0; i < settings.length; i += 2) {
            payload.putShort((short) settings[i]).putInt(settings[i + 1]);
        }
        frame(SETTINGS, 0, 0, payload.array());
    }

    /** Windows and limits hold once they are acknowledged. */
    public RawGrpc acknowledged() throws IOException {
        until(SETTINGS);
        frame(SETTINGS, 1, 0, new byte[0]);
        return this;
    }

    public void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        out.write(frame.array());
    }

    /** Opens a stream. @param metadata name and value by turns */
    public void call(int stream, String path, String... metadata) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        literal(block, ":method", "POST");
        literal(block, ":scheme", "http");
        literal(block, ":path", path);
        literal(block, ":authority", "x");
        literal(block, "content-type", "application/grpc");
        literal(block, "te", "trailers");
        for (int i = 0; i < metadata.length; i += 2) {
            literal(block, metadata[i], metadata[i + 1]);
        }
        frame(HEADERS, END_HEADERS, stream, block.toByteArray());
    }

    /** HPACK without a table and without Huffman. */
    private static void literal(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        text(block, name);
        text(block, value);
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        int rest = bytes.length;
        if (rest < 127) {
            block.write(rest);
        } else {
            block.write(127);
            for (rest -= 127; rest >= 128; rest >>= 7) {
                block.write(rest & 127 | 128);
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    /** What goes in front of a message's bytes. */
    public static byte[] prefix(int bytes) {
        return ByteBuffer.allocate(5).put((byte) 0).putInt(bytes).array();
    }

    public void message(int stream, int flags, byte[] message) throws IOException {
        frame(DATA, 0, stream, prefix(message.length));
        pieces(stream, flags, message);
    }

    private void pieces(int stream, int flags, byte[] message) throws IOException {
        int from = 0;
        do {
            byte[] piece = Arrays.copyOfRange(message, from, Math.min(message.length, from + 16_384));
            from += piece.length;
            frame(DATA, from == message.length ? flags : 0, stream, piece);
        } while (from < message.length);
    }

    /** A message that says that it is compressed. */
    public void packed(int stream, int flags, byte[] packed) throws IOException {
        frame(
                DATA,
                0,
                stream,
                ByteBuffer.allocate(5).put((byte) 1).putInt(packed.length).array());
        pieces(stream, flags, packed);
    }

    /** Reads until a frame is such a one. @throws EOFException where none is before the end */
    public Frame until(Predicate<Frame> wanted) throws IOException {
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            Frame frame = new Frame(type, flags, stream, in.readNBytes(length));
            if (wanted.test(frame)) {
                return frame;
            }
        }
    }

    public Frame until(int type) throws IOException {
        return until(frame -> frame.type() == type);
    }

    /** Whether the other side closes the connection, after whatever it says. */
    public boolean closes() throws IOException {
        try {
            until(_ -> false);
            return false;
        } catch (EOFException | SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
