package dev.teal.worker.bytes;

import dev.teal.protocol.oip.ByteWriter;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.Tensor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/** The text of one answer on its way to the network: a large one goes there in pieces while it is written, and never is whole in Java's heap. */
public final class AnswerText implements ByteWriter.Outlet {
    private static final TextMemory MEMORY = TextMemory.ofProcess();
    private static final byte[] NOTHING = {};

    /** Less is not counted: connections are few enough for it. */
    private static final int COUNTED_BYTES = 64 << 10;

    private final TextMemory memory;
    private final IntFunction<ByteBuf> buffers;
    private final List<ByteBuf> pieces = new ArrayList<>(0);
    private long passed;
    private long taken;

    /** @param buffers gives a buffer for so many bytes */
    public AnswerText(IntFunction<ByteBuf> buffers) {
        this(MEMORY, buffers);
    }

    AnswerText(TextMemory memory, IntFunction<ByteBuf> buffers) {
        this.memory = memory;
        this.buffers = buffers;
    }

    @Override
    public void take(byte[] written, int size) {
        count(size);
        pieces.add(buffers.apply(size).writeBytes(written, 0, size));
        passed += size;
    }

    private void count(long bytes) {
        memory.take(taken, bytes);
        taken += bytes;
    }

    /** What has left the writer. */
    public long passedBytes() {
        return passed;
    }

    /**
     * All of the answer; its memory is given back with it.
     *
     * @param rest what the writer still has
     * @param outputs whose bytes follow the text
     * @throws InvalidInference if it is larger than an answer can be
     */
    public Gathered with(ByteWriter rest, List<Tensor> outputs) {
        int[] cuts = new int[outputs.size()];
        Arrays.fill(cuts, rest.size());
        if (passed + rest.size() < COUNTED_BYTES) {
            return Gathered.of(NOTHING, rest, cuts, outputs, buffers);
        }
        count(rest.size());
        Gathered last = Gathered.of(NOTHING, rest, cuts, outputs, buffers);
        pieces.add(last.bytes());
        if (passed + last.bytes().readableBytes() > Gathered.MOST_BYTES) {
            throw new InvalidInference("the answer would have more than " + Gathered.MOST_BYTES + " bytes");
        }
        Counted all = new Counted(memory, taken, pieces);
        pieces.clear();
        return new Gathered(all, last.isOwn());
    }

    /** It will not be sent. */
    public void drop() {
        pieces.forEach(ByteBuf::release);
        pieces.clear();
        memory.giveBack(taken);
        taken = 0;
    }

    private static final class Counted extends CompositeByteBuf {
        private final TextMemory memory;
        private final long bytes;

        Counted(TextMemory memory, long bytes, List<ByteBuf> pieces) {
            super(UnpooledByteBufAllocator.DEFAULT, true, Math.max(2, pieces.size()));
            this.memory = memory;
            this.bytes = bytes;
            addComponents(true, pieces);
        }

        @Override
        protected void deallocate() {
            super.deallocate();
            memory.giveBack(bytes);
        }
    }
}
