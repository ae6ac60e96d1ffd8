package dev.teal.worker.serve;

import dev.teal.worker.network.NetworkLoop;
import dev.teal.worker.run.NoRoomForAnswer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.util.internal.OutOfDirectMemoryError;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One request and its one response, whoever gives it first. The body is read only once somebody {@link #take}s it, else it is passed over. */
public final class Exchange {
    private final ChannelHandlerContext context;
    private final HttpRequest request;
    private final String path;
    private final boolean keepAlive;
    private final Runnable changed;
    private final AtomicBoolean responded = new AtomicBoolean();
    private final List<Runnable> endings = new ArrayList<>(2);
    private @Nullable Body body;
    private @Nullable Runnable late;
    private long lateMillis;
    private boolean whole;
    private boolean over;
    private boolean lost;

    /** @param changed called on the event loop when the response is written, or never will be */
    Exchange(ChannelHandlerContext context, HttpRequest request, Runnable changed) {
        this.context = context;
        this.request = request;
        this.keepAlive = HttpUtil.isKeepAlive(request);
        this.changed = changed;
        String uri = request.uri();
        int query = uri.indexOf('?');
        this.path = query < 0 ? uri : uri.substring(0, query);
    }

    public HttpMethod method() {
        return request.method();
    }

    /** Without the query; still percent-encoded, so that an encoded slash is no slash. */
    public String path() {
        return path;
    }

    public @Nullable String query(String name) {
        List<String> values = new QueryStringDecoder(request.uri()).parameters().get(name);
        return values == null ? null : values.getFirst();
    }

    public @Nullable String header(CharSequence name) {
        return request.headers().get(name);
    }

    /** Of the body as it is announced; 0 where it is not. */
    public long announcedBytes() {
        return HttpUtil.getContentLength(request, 0L);
    }

    /** Reads the body from here on. On the event loop, once, while the routes look at the request. */
    public void take(long limitBytes, Body.Taker taker) {
        body = new Body(limitBytes, taker);
        if (HttpUtil.is100ContinueExpected(request)) {
            context.writeAndFlush(new DefaultFullHttpResponse(
                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
    }

    /** Gives the body so long to come: if it is not whole by then, it is lost to its taker. @param then answers */
    void within(long millis, Runnable then) {
        lateMillis = millis;
        late = then;
    }

    /** For now, no more has come. Only a body that does not come at once needs a timer. */
    void waits() {
        Runnable then = late;
        if (then != null && body != null) {
            late = null;
            after(lateMillis, () -> {
                Body slow = body;
                body = null;
                if (slow != null) {
                    slow.lost();
                    then.run();
                }
            });
        }
    }

    /** A piece of the body, which is the connection's to release. */
    void content(HttpContent content) {
        if (body != null) {
            body.add(content.content());
        }
        if (content instanceof LastHttpContent) {
            whole = true;
            Body taken = body;
            body = null;
            if (taken != null) {
                taken.end();
            }
        }
    }

    /** Whether all of the request has come, and its answer has gone. */
    boolean isPast() {
        return whole && over;
    }

    boolean isWhole() {
        return whole;
    }

    /** For an answer. @throws NoRoomForAnswer */
    ByteBuf buffer(int bytes) {
        try {
            return context.alloc().ioBuffer(bytes);
        } catch (OutOfDirectMemoryError e) {
            throw new NoRoomForAnswer();
        }
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
        return respond(status, content, more, () -> {});
    }

    /** @param written run once the content is not needed any more, also where it was answered before */
    boolean respond(HttpResponseStatus status, ByteBuf content, @Nullable HttpHeaders more, Runnable written) {
        if (!responded.compareAndSet(false, true)) {
            content.release();
            written.run();
            return false;
        }
        FullHttpResponse response = response(status, content, more);
        if (context.executor().inEventLoop()) {
            send(response, written);
            return true;
        }
        try {
            context.executor().execute(() -> send(response, written));
            return true;
        } catch (RejectedExecutionException e) {
            // Where the network has ended already, nobody can be answered
            content.release();
            written.run();
            return false;
        }
    }

    private void send(FullHttpResponse response, Runnable written) {
        // Who waits for leave to send may send all the same or not: what would follow can't be told
        boolean open = keepAlive && (whole || !HttpUtil.is100ContinueExpected(request) || body != null);
        send(context, response, open).addListener(sent -> {
            if (sent.cause() != null) {
                NetworkLoop.survived(sent.cause());
            }
            NetworkLoop.telling(() -> {
                written.run();
                end();
                changed.run();
            });
        });
    }

    /** The client is gone, or has its answer. */
    void end() {
        if (!over) {
            over = true;
            lost = responded.compareAndSet(false, true);
            endings.forEach(Runnable::run);
        }
    }

    /** The connection is gone. */
    void broken() {
        Body taken = body;
        body = null;
        if (taken != null) {
            taken.lost();
        }
        end();
    }

    static FullHttpResponse response(HttpResponseStatus status, ByteBuf content, @Nullable HttpHeaders more) {
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
        if (more != null) {
            response.headers().setAll(more);
        }
        return response;
    }

    /** On the event loop. */
    static ChannelFuture send(ChannelHandlerContext context, FullHttpResponse response, boolean keepAlive) {
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        ChannelFuture future = context.writeAndFlush(response);
        return keepAlive ? future : future.addListener(ChannelFutureListener.CLOSE);
    }
}
