package dev.teal.protocol.oip;

import java.nio.ByteBuffer;

/** The bytes of a request, wherever they lie and in however many pieces. Offsets and lengths are the caller's to keep within. */
public interface RequestBody {
    int length();

    void copy(int offset, byte[] to, int toOffset, int bytes);

    /** Fills {@code to} from its position to its limit. */
    void copy(int offset, ByteBuffer to);

    static RequestBody of(byte[] bytes) {
        return new RequestBody() {
            @Override
            public int length() {
                return bytes.length;
            }

            @Override
            public void copy(int offset, byte[] to, int toOffset, int count) {
                System.arraycopy(bytes, offset, to, toOffset, count);
            }

            @Override
            public void copy(int offset, ByteBuffer to) {
                to.put(bytes, offset, to.remaining());
            }
        };
    }
}
