package dev.teal.worker.bytes;

import dev.teal.worker.run.BodyTooLarge;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** What comes out of packed bytes, as far as a limit: how much a few of them unfold to is their sender's choice. */
public final class Unpacked {
    /** Read at once; for whoever opens the stream, too. */
    public static final int PART_BYTES = 16 << 10;

    private Unpacked() {}

    /**
     * @param unpacking gives the plain bytes
     * @throws BodyTooLarge as soon as there is more than allowed, however little was packed
     * @throws IOException of the stream, if what is packed is not what it should be
     */
    public static byte[] within(long limitBytes, InputStream unpacking) throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(PART_BYTES);
        byte[] part = new byte[PART_BYTES];
        for (int read = unpacking.read(part); read >= 0; read = unpacking.read(part)) {
            if (plain.size() + (long) read > limitBytes) {
                throw new BodyTooLarge(limitBytes);
            }
            plain.write(part, 0, read);
        }
        return plain.toByteArray();
    }
}
