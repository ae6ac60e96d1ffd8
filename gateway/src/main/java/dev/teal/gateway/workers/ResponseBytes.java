package dev.teal.gateway.workers;

import dev.teal.gateway.answer.AnswerMemory;
import dev.teal.gateway.answer.Pieces;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;

/** A worker's response, read whole and within its limits: one that breaks in the middle becomes an error and not a torn answer. */
final class ResponseBytes {
    /** Small enough that a client who does not read holds little direct memory: so many of these are on their way to it at once. */
    static final int PIECE_BYTES = 16 * 1024;

    private final long announcedBytes;
    private final long limitBytes;
    private final LongPredicate memory;
    private final List<byte[]> pieces = new ArrayList<>();
    private byte[] last = {};
    private int used;
    private long size;
    private long takenBytes;

    /** The response is over its limit. */
    static final class TooLarge extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final long atLeastBytes;

        TooLarge(long atLeastBytes) {
            super("response is over the limit", null, false, false);
            this.atLeastBytes = atLeastBytes;
        }

        long atLeastBytes() {
            return atLeastBytes;
        }
    }

    /** There is no memory for the response. */
    static final class NoMemory extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoMemory() {
            super("no memory for the response", null, false, false);
        }
    }

    /**
     * @param announcedBytes Content-Length, or -1; taken from the memory at once, so that no two that are half there wait for each other
     * @param memory takes so many bytes more, or says no
     * @throws TooLarge if it is announced as such
     * @throws NoMemory if there is none
     */
    ResponseBytes(long announcedBytes, long limitBytes, LongPredicate memory) {
        this.announcedBytes = announcedBytes;
        this.limitBytes = limitBytes;
        this.memory = memory;
        if (announcedBytes > limitBytes) {
            throw new TooLarge(announcedBytes);
        }
        take(Math.max(0, announcedBytes));
    }

    private void take(long bytes) {
        if (bytes > 0 && !memory.test(bytes)) {
            throw new NoMemory();
        }
        takenBytes += bytes;
    }

    void add(ByteBuf buffer) {
        if (size + buffer.readableBytes() > limitBytes) {
            throw new TooLarge(size + buffer.readableBytes());
        }
        while (buffer.isReadable()) {
            if (used == last.length) {
                begin();
            }
            int more = Math.min(buffer.readableBytes(), last.length - used);
            buffer.readBytes(last, used, more);
            used += more;
            size += more;
        }
    }

    /** One more piece: what is left of a small one as a whole. */
    private void begin() {
        long left = announcedBytes - size;
        int most = pieces.isEmpty() && left <= AnswerMemory.SMALL_BYTES ? AnswerMemory.SMALL_BYTES : PIECE_BYTES;
        int length = left > 0 ? (int) Math.min(left, most) : PIECE_BYTES;
        take(Math.max(0, size + length - takenBytes));
        last = new byte[length];
        used = 0;
        pieces.add(last);
    }

    Pieces all() {
        if (used < last.length) {
            pieces.set(pieces.size() - 1, Arrays.copyOf(last, used));
        }
        return new Pieces(pieces);
    }
}
