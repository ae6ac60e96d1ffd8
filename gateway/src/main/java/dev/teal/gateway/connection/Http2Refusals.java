package dev.teal.gateway.connection;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Settings;

/** The last word on a connection that speaks HTTP/2, given before there is a stream. */
final class Http2Refusals {
    private Http2Refusals() {}

    /** A server's first frame is its settings, whatever follows. @param reason as debug data, which gRPC's clients show */
    static void goAway(ChannelHandlerContext context, String reason) {
        DefaultHttp2FrameWriter frames = new DefaultHttp2FrameWriter();
        frames.writeSettings(context, new Http2Settings(), context.newPromise());
        frames.writeGoAway(
                        context,
                        0,
                        Http2Error.ENHANCE_YOUR_CALM.code(),
                        ByteBufUtil.writeAscii(context.alloc(), reason),
                        context.newPromise())
                .addListener(ChannelFutureListener.CLOSE);
        context.flush();
    }
}
