package dev.teal.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Holds a request's head to a number of headers, and to a time from its first byte to its end: a client that writes a byte now and then would
 * otherwise keep a connection for ever. Stands behind the HTTP codec; {@link #bytes} goes in front of it.
 */
public final class HeadLimits extends ChannelDuplexHandler {
    private final int mostHeaders;
    private final Duration longest;
    private final Exchanges exchanges = new Exchanges();
    private @Nullable ChannelHandlerContext behindCodec;
    private @Nullable Future<?> deadline;
    private boolean inRequest;

    public HeadLimits(int mostHeaders, Duration longest) {
        this.mostHeaders = mostHeaders;
        this.longest = longest;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        behindCodec = context;
    }

    /** Sees the bytes before they are decoded: the first one of a head starts its time. */
    public ChannelInboundHandlerAdapter bytes() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                if (!inRequest && deadline == null && message instanceof ByteBuf bytes && bytes.isReadable()) {
                    watch(context);
                }
                context.fireChannelRead(message);
            }
        };
    }

    private void watch(ChannelHandlerContext context) {
        deadline = context.executor().schedule(this::late, longest.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void unwatch() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    /** Answers of requests before this one come first. */
    private void late() {
        deadline = null;
        ChannelHandlerContext context = behindCodec;
        if (context == null || !context.channel().isActive()) {
            return;
        }
        if (exchanges.open()) {
            watch(context);
            return;
        }
        Refusals.write(
                context,
                HttpResponseStatus.REQUEST_TIMEOUT,
                "the request's headers did not arrive within " + longest.toMillis() + " ms");
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            inRequest = true;
            exchanges.began();
            unwatch();
            if (request.headers().size() > mostHeaders
                    && request.decoderResult().isSuccess()) {
                request.setDecoderResult(
                        DecoderResult.failure(new TooLongHttpHeaderException("more than " + mostHeaders + " headers")));
            }
        }
        if (message instanceof LastHttpContent) {
            inRequest = false;
        }
        context.fireChannelRead(message);
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        exchanges.written(message);
        context.write(message, promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        unwatch();
        context.fireChannelInactive();
    }
}
