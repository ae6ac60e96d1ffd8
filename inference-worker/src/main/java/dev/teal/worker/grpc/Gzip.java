package dev.teal.worker.grpc;

import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.protocol.packed.PackedHead;
import dev.teal.protocol.packed.PackedStream;
import dev.teal.worker.bytes.Unpacked;
import java.io.IOException;
import java.io.InputStream;

/** Unpacks a compressed message, as far as its limit. */
final class Gzip {
    private Gzip() {}

    /** @throws InvalidInference if it is not gzip, @throws dev.teal.worker.run.BodyTooLarge */
    static RequestBody unpack(RequestBody packed, long mostBytes, TensorAllocator memory) {
        try (PackedStream gzip = PackedStream.gzip(new BodyStream(packed))) {
            return Unpacked.within(mostBytes, gzip, memory);
        } catch (IOException e) {
            throw new InvalidInference("the message is marked as compressed, and is not gzip", e);
        }
    }

    /** Its beginning, as far as that is looked at before it is read. */
    static RequestBody head(RequestBody packed) {
        return PackedHead.of(() -> PackedStream.gzip(new BodyStream(packed)));
    }

    private static final class BodyStream extends InputStream {
        private final RequestBody body;
        private int position;

        BodyStream(RequestBody body) {
            this.body = body;
        }

        @Override
        public int available() {
            return body.length() - position;
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
