package dev.teal.worker.serve;

import dev.teal.worker.network.NetworkLoop;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection. What comes in before the request ahead is answered waits here, so answers leave in order; reading goes on meanwhile,
 * up to a limit, because that is how a client that leaves is noticed.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {
    private static final Logger log = LoggerFactory.getLogger(HttpConnection.class);
    private static final int MAX_WAITING = 64;
    private static final int MAX_WAITING_BYTES = 1 << 20;

    private final Routes routes;
    private final Queue<HttpObject> waiting = new ArrayDeque<>();
    private @Nullable Exchange current;
    private long waitingBytes;
    private boolean dispatching;
    private boolean closing;

    HttpConnection(Routes routes) {
        this.routes = routes;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof HttpObject part) || closing) {
            ReferenceCountUtil.release(message);
            return;
        }
        waiting.add(part);
        waitingBytes += bytes(part);
        dispatch(context);
        if (isFull()) {
            context.channel().config().setAutoRead(false);
        }
    }

    private static int bytes(HttpObject part) {
        return part instanceof HttpContent content ? content.content().readableBytes() : 0;
    }

    private boolean isFull() {
        return waiting.size() >= MAX_WAITING || waitingBytes >= MAX_WAITING_BYTES;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        waits();
        context.fireChannelReadComplete();
    }

    private void waits() {
        if (current != null) {
            current.waits();
        }
    }

    /** A loop and not a recursion: an answer may be written before the call for it returns, a thousand times in a row. */
    private void dispatch(ChannelHandlerContext context) {
        if (dispatching) {
            return;
        }
        dispatching = true;
        while (!waiting.isEmpty() && (current == null || !current.isWhole() || current.isPast())) {
            if (current != null && current.isPast()) {
                current = null;
            }
            HttpObject part = waiting.remove();
            waitingBytes -= bytes(part);
            try {
                handle(context, part);
            } finally {
                ReferenceCountUtil.release(part);
            }
        }
        dispatching = false;
        if (!isFull() && !context.channel().config().isAutoRead()) {
            context.channel().config().setAutoRead(true);
        }
    }

    private void handle(ChannelHandlerContext context, HttpObject part) {
        if (part.decoderResult().isFailure()) {
            refuse(context, part.decoderResult().cause());
        } else if (part instanceof HttpRequest request) {
            current = new Exchange(context, request, () -> {
                dispatch(context);
                waits();
            });
            routes.answer(current);
        }
        if (part instanceof HttpContent content && current != null && !closing) {
            current.content(content);
        }
    }

    /** What follows can't be told from a next request: the connection ends. */
    private void refuse(ChannelHandlerContext context, Throwable why) {
        closing = true;
        if (current != null && !current.isPast()) {
            current.broken();
            context.close();
            return;
        }
        HttpResponseStatus status = why instanceof TooLongHttpLineException
                ? HttpResponseStatus.REQUEST_URI_TOO_LONG
                : why instanceof TooLongHttpHeaderException
                        ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                        : HttpResponseStatus.BAD_REQUEST;
        String message = status.equals(HttpResponseStatus.BAD_REQUEST)
                ? "this is not HTTP/1.1"
                : "the request's line may have 8 KiB, its headers 16 KiB";
        Exchange.send(context, Exchange.response(status, Answers.error(message), null), false);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        closing = true;
        if (current != null) {
            current.broken();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A connection that broke, or an error of ours that left it in an unknown state: either way it can't go on.
        context.close();
        if (!(cause instanceof IOException)) {
            NetworkLoop.survived(cause);
            log.atError().setCause(cause).log("Connection closed by an error");
        }
    }
}
