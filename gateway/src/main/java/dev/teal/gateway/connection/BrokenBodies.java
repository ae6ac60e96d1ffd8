package dev.teal.gateway.connection;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.ReferenceCountUtil;

/**
 * Ends a connection whose body can't be told from what follows it. Reactor Netty answers that with 400 too, but tells who reads the body that
 * it has come to its end: a worker would be given half a request. Stands behind the HTTP codec.
 */
public final class BrokenBodies extends ChannelDuplexHandler {
    private final Exchanges exchanges = new Exchanges();
    private boolean broken;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest) {
            exchanges.began();
        } else if (broken
                || (message instanceof HttpContent content
                        && content.decoderResult().isFailure())) {
            ReferenceCountUtil.release(message);
            if (!broken) {
                broken = true;
                end(context);
            }
            return;
        }
        context.fireChannelRead(message);
    }

    /** An answer that is due to an earlier request, or has begun, must not be mixed with this one. */
    private void end(ChannelHandlerContext context) {
        if (exchanges.onlyOneUnanswered()) {
            Refusals.write(
                    context, HttpResponseStatus.BAD_REQUEST, "the request's body is not encoded as its headers say");
        } else {
            context.close();
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (broken) {
            ReferenceCountUtil.release(message);
            promise.setSuccess();
            return;
        }
        exchanges.written(message);
        context.write(message, promise);
    }
}
