package dev.teal.worker.serve;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One request and its one response, whoever gives it first. */
public final class Exchange {
    private final ChannelHandlerContext context;
    private final HttpMethod method;
    private final QueryStringDecoder target;
    private final HttpHeaders headers;
    private final byte[] body;
    private final boolean keepAlive;
    private final Runnable written;
    private final AtomicBoolean responded = new AtomicBoolean();
    private final List<Runnable> endings = new ArrayList<>(2);
    private boolean over;
    private boolean lost;

    Exchange(ChannelHandlerContext context, FullHttpRequest request, Runnable written) {
        this.context = context;
        this.method = request.method();
        this.target = new QueryStringDecoder(request.uri());
        this.headers = request.headers();
        this.body = ByteBufUtil.getBytes(request.content());
        this.keepAlive = HttpUtil.isKeepAlive(request);
        this.written = written;
    }

    public HttpMethod method() {
        return method;
    }

    /** Without the query; still percent-encoded, so that an encoded slash is no slash. */
    public String path() {
        return target.rawPath();
    }

    public @Nullable String query(String name) {
        List<String> values = target.parameters().get(name);
        return values == null ? null : values.getFirst();
    }

    public @Nullable String header(String name) {
        return headers.get(name);
    }

    public byte[] body() {
        return body;
    }

    public ByteBuf buffer() {
        return context.alloc().buffer();
    }

    /** Calls back on the event loop after a time; cancelled when the exchange is over. */
    public void after(long millis, Runnable task) {
        var timer = context.executor().schedule(task, millis, TimeUnit.MILLISECONDS);
        onEnd(() -> timer.cancel(false));
    }

    /** Called back once, on the event loop, when the response is written or the client is gone. Call this on the event loop. */
    public void onEnd(Runnable ending) {
        if (over) {
            ending.run();
        } else {
            endings.add(ending);
        }
    }

    /** Whether the client went before it had an answer; true from the callbacks of {@link #onEnd} on. */
    boolean lost() {
        return lost;
    }

    /** Answers, on any thread. @return false if it was answered before; the buffer is released then */
    public boolean respond(HttpResponseStatus status, ByteBuf content, @Nullable HttpHeaders more) {
        if (!responded.compareAndSet(false, true)) {
            content.release();
            return false;
        }
        write(context, status, content, more, keepAlive).addListener(future -> {
            end();
            written.run();
        });
        return true;
    }

    /** The client is gone, or has its answer. */
    void end() {
        if (!over) {
            over = true;
            lost = responded.compareAndSet(false, true);
            endings.forEach(Runnable::run);
        }
    }

    static ChannelFuture write(
            ChannelHandlerContext context,
            HttpResponseStatus status,
            ByteBuf content,
            @Nullable HttpHeaders more,
            boolean keepAlive) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
        if (more != null) {
            response.headers().setAll(more);
        }
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        ChannelFuture future = context.writeAndFlush(response);
        return keepAlive ? future : future.addListener(ChannelFutureListener.CLOSE);
    }
}
