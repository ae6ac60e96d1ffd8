package dev.teal.protocol.packed;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/** Packed bytes that are being unpacked, and whether they end where they should: the streams of Java leave unread what follows. */
public sealed interface PackedStream extends Closeable {
    /** Read at once. */
    int PART_BYTES = 16 << 10;

    /** @see InputStream#read(byte[], int, int) */
    int read(byte[] plain, int offset, int bytes) throws IOException;

    /** Once all is read: whether nothing follows. */
    boolean isWhole() throws IOException;

    /** @param packed tells by {@link InputStream#available} how much is left of it */
    static PackedStream gzip(InputStream packed) throws IOException {
        return new Gzip(packed);
    }

    /** Deflated, in zlib's frame. */
    static PackedStream zlib(InputStream packed) {
        return new Zlib(packed);
    }

    /** @see GZIPInputStream */
    final class Gzip extends GZIPInputStream implements PackedStream {
        /** Behind the deflated bytes; what of it the inflater was given remains in it. */
        private static final int TRAILER_BYTES = 8;

        private int unfilled;

        Gzip(InputStream packed) throws IOException {
            super(packed, PART_BYTES);
        }

        @Override
        protected void fill() throws IOException {
            super.fill();
            unfilled = in.available();
        }

        /** As it was when the last deflated bytes came: then junk was read in vain for the head of another member. */
        @Override
        public boolean isWhole() {
            return inf.getRemaining() + unfilled <= TRAILER_BYTES;
        }
    }

    /** @see InflaterInputStream */
    final class Zlib extends InflaterInputStream implements PackedStream {
        private final Inflater inflater;

        Zlib(InputStream packed) {
            this(packed, new Inflater());
        }

        private Zlib(InputStream packed, Inflater inflater) {
            super(packed, inflater, PART_BYTES);
            this.inflater = inflater;
        }

        @Override
        public boolean isWhole() throws IOException {
            return in.available() == 0 && inflater.getRemaining() == 0;
        }

        @Override
        public void close() throws IOException {
            super.close();
            inflater.end();
        }
    }
}
