package dev.teal.gateway.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** Answers that are given where there is no request to answer. */
final class Refusals {
    private Refusals() {}

    static void unavailable(ChannelHandlerContext context, String reason) {
        write(context, HttpResponseStatus.SERVICE_UNAVAILABLE, reason);
    }

    /** The last one on its connection. @param reason without anything that JSON would have to escape */
    static void write(ChannelHandlerContext context, HttpResponseStatus status, String reason) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body(context, reason));
        describe(response);
        response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    /** @param reason without anything that JSON would have to escape */
    static ByteBuf body(ChannelHandlerContext context, String reason) {
        return ByteBufUtil.writeAscii(context.alloc(), "{\"error\":\"" + reason + "\"}");
    }

    static void describe(FullHttpResponse response) {
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
    }
}
