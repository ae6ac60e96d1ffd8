package dev.teal.worker.serve;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request's body while it comes, in pieces that are kept as they are. Of the event loop. */
public final class Body {
    private static final int MAX_PIECES = 65_536;

    private final long limitBytes;
    private final Taker taker;
    private @Nullable ByteBuf bytes;
    private int pieces;
    private boolean refused;

    /** Who wants it: one of the three is called, on the event loop, unless it is refused before. */
    public interface Taker {
        /** So much of it is here. @return false if it is refused, and answered; nothing of it is kept then */
        default boolean grows(long bytes) {
            return true;
        }

        /** @param body the taker's to release */
        void whole(ByteBuf body);

        /** It is larger than its limit, or in more pieces; nothing of it is kept. */
        void tooLarge();

        /** The connection broke before it was whole. */
        void lost();

        /** For a small one. @param tooLarge answers; where it is lost, nobody is left to be answered */
        static Taker ofBytes(Consumer<byte[]> then, Runnable tooLarge) {
            return new Taker() {
                @Override
                public void whole(ByteBuf body) {
                    byte[] bytes = ByteBufUtil.getBytes(body);
                    body.release();
                    then.accept(bytes);
                }

                @Override
                public void tooLarge() {
                    tooLarge.run();
                }

                @Override
                public void lost() {}
            };
        }
    }

    Body(long limitBytes, Taker taker) {
        this.limitBytes = limitBytes;
        this.taker = taker;
    }

    void add(ByteBuf piece) {
        if (refused || !piece.isReadable()) {
            return;
        }
        ByteBuf before = bytes;
        long size = piece.readableBytes() + (before == null ? 0L : before.readableBytes());
        if (size > limitBytes || ++pieces > MAX_PIECES) {
            refused = true;
            drop();
            taker.tooLarge();
        } else if (!taker.grows(size)) {
            refused = true;
            drop();
        } else if (before == null) {
            bytes = piece.retain();
        } else if (before instanceof CompositeByteBuf composite) {
            composite.addComponent(true, piece.retain());
        } else {
            bytes = piece.alloc()
                    .compositeBuffer(MAX_PIECES)
                    .addComponent(true, before)
                    .addComponent(true, piece.retain());
        }
    }

    void end() {
        if (!refused) {
            ByteBuf all = bytes;
            bytes = null;
            taker.whole(all == null ? Unpooled.EMPTY_BUFFER : all);
        }
    }

    void lost() {
        drop();
        if (!refused) {
            taker.lost();
        }
    }

    private void drop() {
        if (bytes != null) {
            bytes.release();
            bytes = null;
        }
    }
}
