package dev.teal.gateway.connection;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection on which a request can't be told from what follows it. Reactor Netty refuses that too, but without a word; and who reads the
 * body of such a request it tells that the body has come to its end: a worker would be given half a request. Stands behind the HTTP codec.
 */
public final class BrokenRequests extends ChannelDuplexHandler {
    private final Exchanges exchanges = new Exchanges();
    private @Nullable Reason reason;
    private boolean ended;

    private record Reason(HttpResponseStatus status, String text) {
        static Reason of(HttpObject part) {
            Throwable cause = part.decoderResult().cause();
            if (!(part instanceof HttpRequest)) {
                return new Reason(
                        HttpResponseStatus.BAD_REQUEST, "the request's body is not encoded as its headers say");
            }
            return switch (cause) {
                case TooLongHttpLineException _ ->
                    new Reason(
                            HttpResponseStatus.REQUEST_URI_TOO_LONG,
                            "the request line is longer than gateway.request-line allows");
                case TooLongHttpHeaderException _ ->
                    new Reason(
                            HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                            "the headers are more than gateway.request-headers, or longer than gateway.request-header-size, allows");
                default ->
                    new Reason(
                            HttpResponseStatus.BAD_REQUEST,
                            "this is no HTTP request: a request line, a header, or the headers that say how long the body is are malformed");
            };
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (reason != null) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (message instanceof HttpRequest) {
            exchanges.began();
        }
        if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
            reason = Reason.of(part);
            ReferenceCountUtil.release(message);
            endInTurn(context, reason);
        } else {
            context.fireChannelRead(message);
        }
    }

    /** Answers that are due to earlier requests come first; one to this request that has begun must not be mixed with another. */
    private void endInTurn(ChannelHandlerContext context, Reason because) {
        if (exchanges.onlyOneUnanswered()) {
            ended = true;
            Refusals.write(context, because.status(), because.text());
        } else if (exchanges.latestBegun()) {
            ended = true;
            context.close();
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (ended) {
            ReferenceCountUtil.release(message);
            promise.setSuccess();
            return;
        }
        exchanges.written(message);
        context.write(message, promise);
        if (reason != null) {
            endInTurn(context, reason);
        }
    }
}
