package dev.teal.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * Gives errors that came without a body the one that all errors have: what the framework refuses by itself, above all a path or a Host that
 * {@link java.net.URI} does not take, it refuses without a word. Stands behind the HTTP codec.
 */
public final class EmptyErrors extends ChannelOutboundHandlerAdapter {
    private static final String NO_URI =
            "the path, the query or the Host is not that of a URI: characters like | { } [ ] ^ must be percent-encoded, and so a percent sign itself";

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof FullHttpResponse response
                && response.status().code() >= HttpResponseStatus.BAD_REQUEST.code()
                && !response.content().isReadable()) {
            HttpResponseStatus status = response.status();
            ByteBuf body = Refusals.body(
                    context, status.equals(HttpResponseStatus.BAD_REQUEST) ? NO_URI : status.reasonPhrase());
            FullHttpResponse told = response.replace(body);
            Refusals.describe(told);
            response.release();
            context.write(told, promise);
        } else {
            context.write(message, promise);
        }
    }
}
