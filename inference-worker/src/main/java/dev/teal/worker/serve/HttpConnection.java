package dev.teal.worker.serve;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection. Requests that come in before the one ahead is answered wait here, so answers leave in order; reading goes on meanwhile,
 * up to a limit, because that is how a client that leaves is noticed.
 */
final class HttpConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger log = LoggerFactory.getLogger(HttpConnection.class);
    private static final int MAX_WAITING = 16;

    private final Routes routes;
    private final Queue<Exchange> waiting = new ArrayDeque<>();
    private @Nullable Exchange current;
    private boolean dispatching;

    HttpConnection(Routes routes) {
        this.routes = routes;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        if (request.decoderResult().isFailure()) {
            Exchange.write(context, HttpResponseStatus.BAD_REQUEST, Answers.error("this is not HTTP/1.1"), null, false);
            return;
        }
        waiting.add(new Exchange(context, request, () -> answered(context)));
        if (waiting.size() >= MAX_WAITING) {
            context.channel().config().setAutoRead(false);
        }
        dispatch();
    }

    private void answered(ChannelHandlerContext context) {
        current = null;
        if (waiting.size() < MAX_WAITING) {
            context.channel().config().setAutoRead(true);
        }
        dispatch();
    }

    /** A loop and not a recursion: an answer may be written before the call for it returns, a thousand times in a row. */
    private void dispatch() {
        if (dispatching) {
            return;
        }
        dispatching = true;
        while (current == null && !waiting.isEmpty()) {
            current = waiting.remove();
            routes.answer(current);
        }
        dispatching = false;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        waiting.clear();
        if (current != null) {
            current.end();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A connection that broke, or an error of ours that left it in an unknown state: either way it can't go on.
        if (!(cause instanceof IOException)) {
            log.atError().setCause(cause).log("Connection closed by an error");
        }
        context.close();
    }
}
