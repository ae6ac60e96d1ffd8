package dev.teal.worker.grpc;

import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RequestBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Unpacks a compressed message, as far as its limit. */
final class Gzip {
    private static final int PART_BYTES = 16 * 1024;

    private Gzip() {}

    /** More than the limit came out. */
    static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** @throws InvalidInference if it is not gzip, @throws TooLarge */
    static byte[] unpack(RequestBody packed, long mostBytes) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream((int) Math.min(mostBytes, packed.length() * 2L));
        byte[] part = new byte[PART_BYTES];
        try (GZIPInputStream gzip = new GZIPInputStream(new BodyStream(packed), PART_BYTES)) {
            for (int read = gzip.read(part); read >= 0; read = gzip.read(part)) {
                if (plain.size() + read > mostBytes) {
                    throw new TooLarge();
                }
                plain.write(part, 0, read);
            }
        } catch (IOException e) {
            throw new InvalidInference("the message is marked as compressed, and is not gzip", e);
        }
        return plain.toByteArray();
    }

    private static final class BodyStream extends InputStream {
        private final RequestBody body;
        private int position;

        BodyStream(RequestBody body) {
            this.body = body;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            int bytes = Math.min(length, body.length() - position);
            if (bytes <= 0) {
                return length == 0 ? 0 : -1;
            }
            body.copy(position, to, offset, bytes);
            position += bytes;
            return bytes;
        }
    }
}
