package dev.teal.worker.contain;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads the process's own resident memory again and again without leaving garbage; files that it maps are not counted. */
final class ResidentWatch implements Closeable {
    private static final long PAGE = 4096;

    private final FileChannel statm;
    private final ByteBuffer text = ByteBuffer.allocateDirect(256);

    ResidentWatch() throws IOException {
        this.statm = FileChannel.open(Path.of("/proc/self/statm"), StandardOpenOption.READ);
    }

    /** In bytes. The kernel's pages are taken to have 4 KiB, so where they are larger this is less than it should be. */
    long anonymousBytes() throws IOException {
        text.clear();
        if (statm.read(text, 0) <= 0) {
            return 0;
        }
        text.flip();
        number();
        long resident = number();
        return (resident - number()) * PAGE;
    }

    private long number() {
        long number = 0;
        while (text.hasRemaining()) {
            byte next = text.get();
            if (next < '0' || next > '9') {
                break;
            }
            number = number * 10 + next - '0';
        }
        return number;
    }

    @Override
    public void close() throws IOException {
        statm.close();
    }
}
