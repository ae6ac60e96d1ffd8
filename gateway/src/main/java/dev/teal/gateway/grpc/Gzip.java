package dev.teal.gateway.grpc;

import io.grpc.Decompressor;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Looks at a message only once it is read: what is wrong with it is then an error of that message, which gRPC's own does not make it. */
final class Gzip implements Decompressor {
    @Override
    public String getMessageEncoding() {
        return "gzip";
    }

    @Override
    public InputStream decompress(InputStream packed) {
        return new FilterInputStream(packed) {
            private boolean opened;

            private InputStream plain() throws IOException {
                if (!opened) {
                    opened = true;
                    in = new GZIPInputStream(in);
                }
                return in;
            }

            @Override
            public int read() throws IOException {
                return plain().read();
            }

            @Override
            public int read(byte[] to, int offset, int length) throws IOException {
                return plain().read(to, offset, length);
            }
        };
    }
}
