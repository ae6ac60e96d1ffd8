package dev.teal.gateway.grpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** A message as it is on the wire. */
final class BytesMarshaller implements MethodDescriptor.Marshaller<byte[]> {
    static final BytesMarshaller INSTANCE = new BytesMarshaller();

    private BytesMarshaller() {}

    @Override
    public InputStream stream(byte[] message) {
        return new Message(message);
    }

    @Override
    public byte[] parse(InputStream stream) {
        try {
            if (stream instanceof KnownLength) {
                byte[] message = new byte[stream.available()];
                if (stream.readNBytes(message, 0, message.length) == message.length && stream.available() == 0) {
                    return message;
                }
                throw new IOException("message is not of the length that it has");
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Written in one piece, without a buffer between. */
    private static final class Message extends ByteArrayInputStream implements KnownLength, Drainable {
        Message(byte[] message) {
            super(message);
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            int bytes = count - pos;
            target.write(buf, pos, bytes);
            pos = count;
            return bytes;
        }
    }
}
