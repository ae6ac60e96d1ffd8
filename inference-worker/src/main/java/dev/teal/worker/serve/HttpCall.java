package dev.teal.worker.serve;

import dev.teal.protocol.oip.Glance;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.worker.run.Call;
import dev.teal.worker.run.Failure;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An inference request that came by HTTP/1.1, in whatever encoding and packing. */
final class HttpCall implements Call {
    private final Exchange exchange;
    private final Encoding encoding;
    private final HttpHeaders marks;
    private final @Nullable Compression packed;
    private final long limitBytes;
    private final int bodyBytes;
    private final AtomicReference<@Nullable ByteBuf> body;

    /**
     * @param body its to release
     * @param packed how the body is; null: plain
     * @param limitBytes of the plain body
     * @param marks headers that every answer carries
     */
    HttpCall(
            Exchange exchange,
            ByteBuf body,
            Encoding encoding,
            @Nullable Compression packed,
            long limitBytes,
            HttpHeaders marks) {
        this.exchange = exchange;
        this.encoding = encoding;
        this.packed = packed;
        this.limitBytes = limitBytes;
        this.marks = marks;
        this.bodyBytes = body.readableBytes();
        this.body = new AtomicReference<>(body);
        exchange.onEnd(() -> drop(this.body.getAndSet(null)));
    }

    private static void drop(@Nullable ByteBuf bytes) {
        if (bytes != null) {
            bytes.release();
        }
    }

    @Override
    public int bodyBytes() {
        return bodyBytes;
    }

    @Override
    public Glance glance() {
        ByteBuf bytes = body.get();
        if (bytes == null) {
            return Glance.NOTHING;
        }
        return packed == null
                ? encoding.glance(new NettyBody(bytes), false)
                : encoding.glance(packed.unpackHead(bytes), true);
    }

    @Override
    public InferenceRequest read(TensorAllocator memory) {
        ByteBuf bytes = body.getAndSet(null);
        if (bytes == null) {
            throw new InvalidInference("the client has gone, or has its answer");
        }
        try {
            RequestBody plain = packed == null ? new NettyBody(bytes) : packed.unpack(bytes, limitBytes, memory);
            return encoding.read(plain, memory);
        } finally {
            bytes.release();
        }
    }

    @Override
    public boolean answer(InferenceRequest request, InferenceResponse response, Runnable release) {
        Encoding.Written written = encoding.write(request, response, exchange::buffer);
        HttpHeaders headers = Answers.headers().setAll(marks).setAll(written.headers());
        ByteBuf content = written.all().bytes();
        Compression chosen =
                Compression.chosen(exchange.header(HttpHeaderNames.ACCEPT_ENCODING), content.readableBytes());
        if (chosen != null) {
            content = packed(chosen, content);
            headers.set(HttpHeaderNames.CONTENT_ENCODING, chosen.token())
                    .set(HttpHeaderNames.VARY, HttpHeaderNames.ACCEPT_ENCODING);
        }
        if (chosen != null || written.all().isOwn()) {
            release.run();
            return exchange.respond(HttpResponseStatus.OK, content, headers);
        }
        return exchange.respond(HttpResponseStatus.OK, content, headers, release);
    }

    private ByteBuf packed(Compression by, ByteBuf plain) {
        ByteBuf packing = exchange.buffer(plain.readableBytes() / 2);
        boolean whole = false;
        try {
            by.pack(plain, packing);
            whole = true;
            return packing;
        } finally {
            plain.release();
            if (!whole) {
                packing.release();
            }
        }
    }

    @Override
    public boolean fail(Failure failure) {
        return Answers.fail(exchange, failure, marks);
    }

    @Override
    public void after(long millis, Runnable task) {
        exchange.after(millis, task);
    }

    @Override
    public void onEnd(Runnable ending) {
        exchange.onEnd(ending);
    }

    @Override
    public boolean lost() {
        return exchange.lost();
    }
}
