package dev.teal.gateway.connection;

import io.micrometer.core.instrument.Counter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a connection whose client does not take what it is sent: it would keep its answer's memory from others for ever. While there are bytes that
 * can't be sent, {@link #LEAST_BYTES} must go in each stretch of the longest pause, or all of them. Stands in front of the HTTP codec.
 */
public final class StalledReaders extends ChannelOutboundHandlerAdapter {
    /** 2 KiB a second of the default time, less than any line: who takes a byte now and then takes nothing. */
    static final int LEAST_BYTES = 64 * 1024;

    /** In each pause: so it ends up to a quarter late. */
    private static final int LOOKS = 4;

    private static final Logger log = LoggerFactory.getLogger(StalledReaders.class);

    private final Duration longest;
    private final Counter ended;
    private long writtenBytes;
    private long takenBytes;
    private int looksInVain;
    private @Nullable Future<?> watch;

    /** @param ended counts connections that were ended */
    public StalledReaders(Duration longest, Counter ended) {
        this.longest = longest;
        this.ended = ended;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            writtenBytes += bytes.readableBytes();
        }
        context.write(message, promise);
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        context.flush();
        if (watch == null && pendingBytes(context) > 0) {
            takenBytes = writtenBytes - pendingBytes(context);
            looksInVain = 0;
            lookAgain(context);
        }
    }

    private void lookAgain(ChannelHandlerContext context) {
        watch = context.executor().schedule(() -> look(context), longest.toNanos() / LOOKS, TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext context) {
        long pending = pendingBytes(context);
        long taken = writtenBytes - pending;
        if (pending == 0) {
            watch = null;
        } else if (taken - takenBytes >= LEAST_BYTES) {
            takenBytes = taken;
            looksInVain = 0;
            lookAgain(context);
        } else if (++looksInVain < LOOKS) {
            lookAgain(context);
        } else {
            end(context, pending);
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (watch != null) {
            watch.cancel(false);
        }
    }

    /** 0 too where the connection is closed. What is sent of the first message is not pending, though that is still whole in memory. */
    private static long pendingBytes(ChannelHandlerContext context) {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        return buffer == null || buffer.isEmpty()
                ? 0
                : Math.max(1, buffer.totalPendingWriteBytes() - buffer.currentProgress());
    }

    /** With a reset, so that the client can't take what it has for the whole and the system drops what it has not taken. */
    private void end(ChannelHandlerContext context, long pending) {
        ended.increment();
        log.atInfo()
                .addKeyValue("client", context.channel().remoteAddress())
                .addKeyValue("pendingBytes", pending)
                .addKeyValue("withinMillis", longest.toMillis())
                .log("Connection ended: its client does not take its answer");
        context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
        context.close();
    }
}
