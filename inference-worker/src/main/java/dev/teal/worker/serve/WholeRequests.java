package dev.teal.worker.serve;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;

/** Collects a request's body up to a limit; beyond it the connection ends, for what follows can't be told from a next request. */
final class WholeRequests extends HttpObjectAggregator {
    private final int maxBodyBytes;

    WholeRequests(int maxBodyBytes) {
        super(maxBodyBytes);
        this.maxBodyBytes = maxBodyBytes;
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        String message = "the request is larger than " + maxBodyBytes + " bytes; send less at once";
        Exchange.write(context, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, Answers.error(message), null, false);
    }
}
