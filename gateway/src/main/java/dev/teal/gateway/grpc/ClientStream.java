package dev.teal.gateway.grpc;

import io.grpc.ServerCall;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import org.jspecify.annotations.Nullable;

/** The HTTP/2 stream of a call, to be ended where gRPC itself can't: while its client still sends, or once the call is answered. */
final class ClientStream {
    /** Of a call whose connection is not known. */
    static final ClientStream NONE = new ClientStream(null, null, 0);

    private final @Nullable Channel channel;
    private final @Nullable Http2ConnectionHandler http2;
    private final int id;

    ClientStream(@Nullable Channel channel, @Nullable Http2ConnectionHandler http2, int id) {
        this.channel = channel;
        this.http2 = http2;
        this.id = id;
    }

    /** The client needs to send no more, and its windows are given back. On the event loop, where gRPC's own writes come first. */
    void stop() {
        reset(Http2Error.NO_ERROR);
    }

    /** Ends the call, and stops its client where nothing is on its way to it that would be lost. */
    void stopAfter(ServerCall<?, ?> call, Runnable end) {
        if (channel == null) {
            end.run();
            return;
        }
        channel.eventLoop().execute(() -> {
            boolean drained = call.isReady();
            end.run();
            if (drained) {
                stop();
            }
        });
    }

    /** With all that is not sent yet. On any thread. */
    void drop() {
        reset(Http2Error.CANCEL);
    }

    private void reset(Http2Error error) {
        if (channel != null && http2 != null) {
            channel.eventLoop().execute(() -> reset(channel.pipeline().context(http2), http2, error));
        }
    }

    private void reset(@Nullable ChannelHandlerContext context, Http2ConnectionHandler handler, Http2Error error) {
        if (context != null && handler.connection().stream(id) != null) {
            handler.resetStream(context, id, error.code(), context.newPromise());
            context.flush();
        }
    }
}
