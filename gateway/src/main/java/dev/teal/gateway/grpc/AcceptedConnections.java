package dev.teal.gateway.grpc;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Supplier;

/** Puts a handler in front of gRPC's own into each connection that is accepted. Stands in the pipeline of the channel that listens. */
final class AcceptedConnections extends ChannelInboundHandlerAdapter {
    private final Supplier<ChannelHandler> first;

    AcceptedConnections(Supplier<ChannelHandler> first) {
        this.first = first;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        ((Channel) accepted).pipeline().addFirst(first.get());
        context.fireChannelRead(accepted);
    }
}
