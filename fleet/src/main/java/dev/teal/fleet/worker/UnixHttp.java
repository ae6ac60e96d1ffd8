package dev.teal.fleet.worker;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** HTTP over Unix sockets, which the JDK's client can't: one event loop, one connection a request (a control call is rare). */
final class UnixHttp implements AutoCloseable {

    private static final int LARGEST_ANSWER_BYTES = 4 * 1024 * 1024;

    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("worker-control", true), NioIoHandler.newFactory());

    record Answer(int status, byte[] body) {}

    /** Completes with the answer, or with an IOException if the connection fails, closes early, or {@code limitMillis} pass. */
    CompletableFuture<Answer> send(Path socket, HttpMethod method, String uri, byte[] body, long limitMillis) {
        if (loop.isShuttingDown()) {
            return CompletableFuture.failedFuture(new IOException("the fleet stops"));
        }
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(NioDomainSocketChannel.class)
                .handler(pipeline(answer))
                .connect(UnixDomainSocketAddress.of(socket));
        Channel channel = connecting.channel();
        connecting.addListener(done -> {
            if (done.isSuccess()) {
                channel.writeAndFlush(request(method, uri, body));
            } else {
                answer.completeExceptionally(new IOException("worker does not listen", done.cause()));
            }
        });
        var limit = loop.schedule(
                () -> answer.completeExceptionally(
                        new IOException("worker gave no answer within " + limitMillis + " ms")),
                limitMillis,
                TimeUnit.MILLISECONDS);
        // Also when the caller gave up (cancel): the worker sees the connection close
        answer.whenComplete((_, _) -> {
            limit.cancel(false);
            channel.close();
        });
        return answer;
    }

    private static ChannelInitializer<Channel> pipeline(CompletableFuture<Answer> answer) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline()
                        .addLast(new HttpClientCodec(), new HttpObjectAggregator(LARGEST_ANSWER_BYTES), reader(answer));
            }
        };
    }

    private static SimpleChannelInboundHandler<FullHttpResponse> reader(CompletableFuture<Answer> answer) {
        return new SimpleChannelInboundHandler<>() {
            @Override
            protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
                byte[] body = new byte[response.content().readableBytes()];
                response.content().readBytes(body);
                answer.complete(new Answer(response.status().code(), body));
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                answer.completeExceptionally(new IOException("worker closed the connection"));
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                answer.completeExceptionally(new IOException("worker's answer cannot be read", cause));
            }
        };
    }

    private static FullHttpRequest request(HttpMethod method, String uri, byte[] body) {
        FullHttpRequest request =
                new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, uri, Unpooled.wrappedBuffer(body));
        request.headers()
                .set(HttpHeaderNames.HOST, "worker")
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
        if (body.length > 0) {
            request.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
        }
        return request;
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
