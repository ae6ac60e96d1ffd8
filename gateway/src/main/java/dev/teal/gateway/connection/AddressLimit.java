package dev.teal.gateway.connection;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** How many connections each address has: no single caller takes them all. One for all connections, whatever port they come to. */
public final class AddressLimit {
    private final int most;
    private final Map<InetAddress, Integer> open = new ConcurrentHashMap<>();

    public AddressLimit(int most) {
        this.most = most;
    }

    /** For one connection, behind the HTTP/1.1 codec: the one too many is told so and closed, and nothing that it sends is looked at. */
    public ChannelHandler counting() {
        return new Counting(Refusals::unavailable);
    }

    /** The same for a connection that speaks HTTP/2, first of all handlers. */
    public ChannelHandler countingHttp2() {
        return new Counting(Http2Refusals::goAway);
    }

    private void left(InetAddress address) {
        open.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
    }

    private final class Counting extends ChannelInboundHandlerAdapter {
        private final BiConsumer<ChannelHandlerContext, String> refusal;
        private boolean refused;

        Counting(BiConsumer<ChannelHandlerContext, String> refusal) {
            this.refusal = refusal;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            if (context.channel().remoteAddress() instanceof InetSocketAddress from) {
                InetAddress address = from.getAddress();
                int count = open.merge(address, 1, Integer::sum);
                context.channel().closeFuture().addListener(_ -> left(address));
                refused = count > most;
            }
            if (refused) {
                refusal.accept(
                        context,
                        "this address has " + most + " connections, which is the most; close some, or use them again");
            } else {
                context.fireChannelActive();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (refused) {
                ReferenceCountUtil.release(message);
            } else {
                context.fireChannelRead(message);
            }
        }
    }
}
