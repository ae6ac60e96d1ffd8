package dev.teal.worker;

import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.wire.WireWriter;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** One gRPC call of the training's, in the few frames of HTTP/2 that it takes: a client library would be learned for nothing. */
final class TrainingCall {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final String SERVICE = "/inference.GRPCInferenceService/";
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int MESSAGE_HEAD = 5;

    private TrainingCall() {}

    /** @throws IOException if it is not answered with a message */
    static void ask(Path socket, String method, byte[] message) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            DataOutputStream out = new DataOutputStream(Channels.newOutputStream(channel));
            out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
            frame(out, SETTINGS, 0, 0, new byte[0]);
            frame(out, HEADERS, END_HEADERS, 1, headers(SERVICE + method));
            byte[] framed = ByteBuffer.allocate(MESSAGE_HEAD + message.length)
                    .put((byte) 0)
                    .putInt(message.length)
                    .put(message)
                    .array();
            frame(out, DATA, END_STREAM, 1, framed);
            out.flush();
            if (!answered(new DataInputStream(Channels.newInputStream(channel)))) {
                throw new IOException(method + " was not answered with a message");
            }
        }
    }

    private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] content)
            throws IOException {
        out.writeInt(content.length << 8 | type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(content);
    }

    /** Fields of HPACK's table by their numbers, others as they are; nothing is compressed. */
    private static byte[] headers(String path) {
        ByteArrayOutputStream fields = new ByteArrayOutputStream();
        fields.writeBytes(new byte[] {(byte) 0x83, (byte) 0x86, 0x04});
        text(fields, path);
        fields.writeBytes(new byte[] {0x0f, 0x10});
        text(fields, "application/grpc");
        fields.write(0);
        text(fields, "te");
        text(fields, "trailers");
        return fields.toByteArray();
    }

    private static void text(ByteArrayOutputStream fields, String text) {
        fields.write(text.length());
        fields.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static boolean answered(DataInputStream in) throws IOException {
        boolean message = false;
        while (true) {
            int lengthAndType = in.readInt();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            in.readNBytes(lengthAndType >>> 8);
            int type = lengthAndType & 0xff;
            message |= stream == 1 && type == DATA && lengthAndType >>> 8 > MESSAGE_HEAD;
            if (stream == 1 && (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
                return message;
            }
        }
    }

    /** A {@code ModelInferRequest} with raw contents. */
    static byte[] infer(String model, List<Tensor> inputs) {
        WireWriter request = new WireWriter().put(1, model);
        for (Tensor input : inputs) {
            WireWriter tensor = new WireWriter()
                    .put(1, input.name())
                    .put(2, input.datatype().name());
            for (long dimension : input.shape()) {
                tensor.put(3, dimension);
            }
            request.put(5, tensor);
        }
        for (Tensor input : inputs) {
            ByteBuffer data = input.data().duplicate();
            byte[] raw = new byte[data.remaining()];
            data.get(raw);
            request.put(7, raw);
        }
        return request.toByteArray();
    }
}
