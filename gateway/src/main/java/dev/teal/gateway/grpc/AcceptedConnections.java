package dev.teal.gateway.grpc;

import io.grpc.Grpc;
import io.grpc.ServerCall;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The connections behind gRPC's back: puts a handler in front of gRPC's own into each, and finds the stream of a call. Stands in the pipeline of the
 * channel that listens.
 */
@Sharable
final class AcceptedConnections extends ChannelInboundHandlerAdapter {
    private final Supplier<ChannelHandler> first;
    private final Map<SocketAddress, Channel> open = new ConcurrentHashMap<>();

    AcceptedConnections(Supplier<ChannelHandler> first) {
        this.first = first;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        Channel channel = (Channel) accepted;
        SocketAddress from = channel.remoteAddress();
        if (from != null) {
            open.put(from, channel);
            channel.closeFuture().addListener(_ -> open.remove(from, channel));
        }
        channel.pipeline().addFirst(first.get());
        context.fireChannelRead(accepted);
    }

    /** Of a call that begins on this thread, which is its connection's: its stream is the latest. */
    ClientStream streamOf(ServerCall<?, ?> call) {
        SocketAddress from = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        Channel channel = from == null ? null : open.get(from);
        Http2ConnectionHandler http2 =
                channel == null ? null : channel.pipeline().get(Http2ConnectionHandler.class);
        return http2 == null
                ? ClientStream.NONE
                : new ClientStream(channel, http2, http2.connection().remote().lastStreamCreated());
    }
}
