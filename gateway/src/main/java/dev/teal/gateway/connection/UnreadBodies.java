package dev.teal.gateway.connection;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;

/**
 * Bounds what comes of a body after its request is answered: nobody reads it any more, and it must go by before the connection can be used
 * again. Up to a limit that is cheaper than a new connection; beyond it the connection ends. Stands behind the HTTP codec.
 */
public final class UnreadBodies extends ChannelDuplexHandler {
    /** What a piece costs beside its bytes, so that many small ones count too. */
    private static final int PIECE_BYTES = 128;

    private final long limitBytes;
    private final Exchanges exchanges = new Exchanges();
    private long unreadBytes;

    public UnreadBodies(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest) {
            exchanges.began();
            unreadBytes = 0;
        } else if (message instanceof HttpContent content && !exchanges.open()) {
            unreadBytes += PIECE_BYTES + content.content().readableBytes();
            if (unreadBytes > limitBytes) {
                ReferenceCountUtil.release(message);
                context.close();
                return;
            }
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        exchanges.written(message);
        context.write(message, promise);
    }
}
