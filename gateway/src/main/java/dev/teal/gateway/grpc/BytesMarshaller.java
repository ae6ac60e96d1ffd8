package dev.teal.gateway.grpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** A message as it is on the wire. One that comes compressed is counted as it grows. */
final class BytesMarshaller implements MethodDescriptor.Marshaller<byte[]> {
    static final BytesMarshaller INSTANCE = new BytesMarshaller();

    private static final byte[] NOTHING = {};
    private static final int STEP_BYTES = 64 * 1024;

    private BytesMarshaller() {}

    @Override
    public InputStream stream(byte[] message) {
        return new Message(message);
    }

    /** Nothing where the call has been refused meanwhile: its message is not looked at. */
    @Override
    public byte[] parse(InputStream stream) {
        CallBudget budget = CallBudget.current();
        if (budget.isRefused()) {
            return NOTHING;
        }
        return stream instanceof KnownLength ? whole(stream) : unpacked(stream, budget);
    }

    private static byte[] whole(InputStream stream) {
        try {
            byte[] message = new byte[stream.available()];
            if (stream.readNBytes(message, 0, message.length) == message.length && stream.available() == 0) {
                return message;
            }
            throw new IOException("message is not of the length that it has");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] unpacked(InputStream stream, CallBudget budget) {
        ByteArrayOutputStream message = new ByteArrayOutputStream(STEP_BYTES);
        byte[] step = new byte[STEP_BYTES];
        try {
            for (int read = stream.readNBytes(step, 0, STEP_BYTES); read > 0; ) {
                if (!budget.arrive(read)) {
                    return NOTHING;
                }
                message.write(step, 0, read);
                read = stream.readNBytes(step, 0, STEP_BYTES);
            }
            return message.toByteArray();
        } catch (StatusRuntimeException e) {
            // Over the limit of any message
            budget.refuse(Told.ended(e.getStatus()));
        } catch (IOException e) {
            budget.refuse(Told.ended(Status.INVALID_ARGUMENT.withDescription(
                    "the message is not compressed as it says: " + e.getMessage())));
        }
        return NOTHING;
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
