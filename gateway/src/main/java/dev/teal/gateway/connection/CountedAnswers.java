package dev.teal.gateway.connection;

import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.answer.AnswerMemory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * Counts large answers of the gateway's own, lists above all, among what all answers hold until they are taken. Those of workers are counted where
 * they come in, and never written in one piece. Stands behind the HTTP codec.
 */
public final class CountedAnswers extends ChannelOutboundHandlerAdapter {
    private final AnswerMemory memory;

    public CountedAnswers(AnswerMemory memory) {
        this.memory = memory;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof FullHttpResponse response
                && response.content().readableBytes() > AnswerMemory.SMALL_BYTES) {
            AnswerMemory.Hold hold = memory.hold();
            if (hold.take(response.content().readableBytes())) {
                context.write(response, promise.unvoid().addListener(_ -> hold.close()));
            } else {
                context.write(refused(context, response), promise);
            }
        } else {
            context.write(message, promise);
        }
    }

    private static FullHttpResponse refused(ChannelHandlerContext context, FullHttpResponse response) {
        Answer.Failure failure = Answer.Failure.noAnswerMemory();
        FullHttpResponse refused = response.replace(Refusals.body(context, failure.reason()));
        response.release();
        refused.setStatus(HttpResponseStatus.valueOf(failure.status()));
        refused.headers().set(HttpHeaderNames.RETRY_AFTER, failure.retryAfterSeconds());
        Refusals.describe(refused);
        return refused;
    }
}
