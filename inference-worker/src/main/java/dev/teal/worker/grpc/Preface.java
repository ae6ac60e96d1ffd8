package dev.teal.worker.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.List;
import java.util.function.Consumer;

/** The first of a connection: looks whether it begins as HTTP/2 does, builds the one pipeline or the other, and goes. */
public final class Preface extends ByteToMessageDecoder {
    private static final ByteBuf HTTP_2 =
            Unpooled.unreleasableBuffer(Http2CodecUtil.connectionPrefaceBuf()).asReadOnly();

    private final Consumer<ChannelPipeline> http1;
    private final Consumer<ChannelPipeline> http2;

    public Preface(Consumer<ChannelPipeline> http1, Consumer<ChannelPipeline> http2) {
        this.http1 = http1;
        this.http2 = http2;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        int bytes = Math.min(in.readableBytes(), HTTP_2.readableBytes());
        for (int i = 0; i < bytes; i++) {
            if (in.getByte(in.readerIndex() + i) != HTTP_2.getByte(i)) {
                become(context, http1);
                return;
            }
        }
        if (bytes == HTTP_2.readableBytes()) {
            become(context, http2);
        }
    }

    /** What was read so far goes to the new handlers when this one is removed. */
    private void become(ChannelHandlerContext context, Consumer<ChannelPipeline> protocol) {
        protocol.accept(context.pipeline());
        context.pipeline().remove(this);
    }
}
