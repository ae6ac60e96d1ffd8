package dev.teal.worker.bytes;

import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.protocol.packed.PackedStream;
import dev.teal.worker.run.BodyTooLarge;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What comes out of packed bytes, as far as a limit: how much a few of them unfold to is their sender's choice. It lies in the run thread's
 * memory, since Java's heap has no room for it beside what is read from it.
 */
public final class Unpacked implements RequestBody {
    private static final int PIECE_BYTES = 64 << 10;

    private final List<ByteBuffer> pieces = new ArrayList<>(4);
    private int length;

    private Unpacked() {}

    /**
     * @param memory keeps it
     * @throws BodyTooLarge as soon as there is more than allowed, however little was packed
     * @throws InvalidInference if something follows what was packed
     * @throws IOException of the stream, if what is packed is not what it should be
     */
    public static Unpacked within(long limitBytes, PackedStream unpacking, TensorAllocator memory) throws IOException {
        Unpacked plain = new Unpacked();
        byte[] part = new byte[PackedStream.PART_BYTES];
        for (int read = unpacking.read(part, 0, part.length); read >= 0; read = unpacking.read(part, 0, part.length)) {
            if (plain.length + (long) read > limitBytes) {
                throw new BodyTooLarge(limitBytes);
            }
            plain.add(part, read, memory);
        }
        if (!unpacking.isWhole()) {
            throw new InvalidInference(
                    "unexpected additional input data: the body goes on behind what is packed in it");
        }
        return plain;
    }

    private void add(byte[] part, int bytes, TensorAllocator memory) {
        for (int from = 0; from < bytes; ) {
            if (length % PIECE_BYTES == 0) {
                pieces.add(memory.allocate(PIECE_BYTES));
            }
            int count = Math.min(bytes - from, PIECE_BYTES - length % PIECE_BYTES);
            pieces.getLast().put(length % PIECE_BYTES, part, from, count);
            from += count;
            length += count;
        }
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public void copy(int offset, byte[] to, int toOffset, int bytes) {
        copy(offset, ByteBuffer.wrap(to, toOffset, bytes));
    }

    @Override
    public void copy(int offset, ByteBuffer to) {
        for (int from = offset; to.hasRemaining(); ) {
            int count = Math.min(to.remaining(), PIECE_BYTES - from % PIECE_BYTES);
            to.put(pieces.get(from / PIECE_BYTES).slice(from % PIECE_BYTES, count));
            from += count;
        }
    }
}
