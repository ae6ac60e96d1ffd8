package dev.teal.protocol.packed;

import dev.teal.protocol.oip.RequestBody;
import java.io.IOException;
import java.util.Arrays;

/** As much of a packed body as is looked at before it is read: unpacking a few kilobytes takes some tens of microseconds, which an event loop has. */
public final class PackedHead {
    private static final int BYTES = 8 << 10;

    private PackedHead() {}

    /** Opens a stream. */
    @FunctionalInterface
    public interface Opening {
        PackedStream open() throws IOException;
    }

    /** Empty where nothing comes out; what is wrong with it is for whoever unpacks it to say. */
    public static RequestBody of(Opening packed) {
        byte[] plain = new byte[BYTES];
        int length = 0;
        try (PackedStream unpacking = packed.open()) {
            for (int read = 0; read >= 0 && length < BYTES; ) {
                read = unpacking.read(plain, length, BYTES - length);
                length += Math.max(0, read);
            }
        } catch (IOException e) {
            // What came before that is as good as any
        }
        return RequestBody.of(Arrays.copyOf(plain, length));
    }
}
