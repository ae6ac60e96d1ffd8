package dev.teal.worker.grpc;

import dev.teal.worker.network.NetworkLoop;
import dev.teal.worker.run.Description;
import dev.teal.worker.run.Desk;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One HTTP/2 stream and the RPC on it. What the RPC does not take yet is held here, and counted against the client's window until it does. */
final class GrpcStream implements Rpc.Line {
    private static final Logger log = LoggerFactory.getLogger(GrpcStream.class);
    private static final AsciiString POST = AsciiString.cached("POST");
    private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    private static final String GRPC = "application/grpc";

    private final GrpcConnection connection;
    private final ChannelHandlerContext context;
    private final Http2Stream stream;
    private final Queue<ByteBuf> held = new ArrayDeque<>(0);
    private @Nullable Rpc rpc;
    private boolean headed;
    private boolean finished;
    private boolean failed;
    private boolean complete;

    GrpcStream(GrpcConnection connection, ChannelHandlerContext context, Http2Stream stream) {
        this.connection = connection;
        this.context = context;
        this.stream = stream;
    }

    void open(Http2Headers fields, boolean endOfStream) {
        CharSequence type = fields.get(CONTENT_TYPE);
        if (!AsciiString.contentEquals(POST, fields.method()) || type == null || !isGrpc(type)) {
            refuseHttp();
            return;
        }
        CharSequence path = fields.path();
        Methods.Opening opening =
                path == null ? null : connection.shared().methods().at(path.toString());
        if (opening == null) {
            finish(GrpcStatus.of(GrpcStatus.Code.UNIMPLEMENTED, "there is no method " + path));
        } else if (!GrpcHead.knowsEncoding(fields)) {
            finish(GrpcStatus.of(GrpcStatus.Code.UNIMPLEMENTED, "grpc-encoding must be identity or gzip"));
        } else {
            try {
                rpc = opening.open(this, GrpcHead.of(fields, System.nanoTime()));
            } catch (IllegalArgumentException e) {
                finish(GrpcStatus.of(GrpcStatus.Code.INVALID_ARGUMENT, String.valueOf(e.getMessage())));
            }
        }
        inbound(endOfStream);
    }

    /** {@code application/grpc}, with or without a suffix that says how messages are written. */
    private static boolean isGrpc(CharSequence type) {
        return AsciiString.regionMatches(GRPC, true, 0, type, 0, GRPC.length())
                && (type.length() == GRPC.length() || "+;".indexOf(type.charAt(GRPC.length())) >= 0);
    }

    /** Not gRPC at all, so it is not told in gRPC's way. */
    private void refuseHttp() {
        finished = true;
        connection.encoder().writeHeaders(context, stream.id(), GrpcHeaders.UNSUPPORTED, 0, true, context.newPromise());
        connection.resetStream(context, stream.id(), Http2Error.NO_ERROR.code(), context.newPromise());
        connection.flush(context);
    }

    void trailers(boolean endOfStream) {
        inbound(endOfStream);
    }

    /** @return bytes that are held back */
    int data(ByteBuf data, boolean endOfStream) {
        int kept = 0;
        Rpc taking = rpc;
        if (taking != null && !finished) {
            if (held.isEmpty()) {
                guarded(() -> taking.data(data));
            }
            if (data.isReadable() && !finished) {
                kept = data.readableBytes();
                held.add(data.readRetainedSlice(kept));
            }
        }
        inbound(endOfStream);
        return kept;
    }

    private void inbound(boolean endOfStream) {
        complete |= endOfStream;
        if (finished) {
            if (failed && !complete) {
                stopClient();
            }
        } else if (complete && held.isEmpty() && rpc != null) {
            guarded(rpc::isComplete);
        }
    }

    /** Its answer is given, and it need not send the rest. */
    private void stopClient() {
        if (stream.state().localSideOpen()) {
            return;
        }
        connection.resetStream(context, stream.id(), Http2Error.NO_ERROR.code(), context.newPromise());
        connection.flush(context);
    }

    @Override
    public void resume() {
        Rpc taking = rpc;
        if (taking == null || held.isEmpty()) {
            return;
        }
        int consumed = 0;
        while (!held.isEmpty() && !finished) {
            ByteBuf first = held.element();
            int before = first.readableBytes();
            guarded(() -> taking.data(first));
            consumed += before - first.readableBytes();
            if (first.isReadable()) {
                break;
            }
            held.remove().release();
        }
        consume(consumed);
        inbound(false);
    }

    private void consume(int bytes) {
        if (bytes == 0 || stream.state() == Http2Stream.State.CLOSED) {
            return;
        }
        try {
            if (connection.connection().local().flowController().consumeBytes(stream, bytes)) {
                connection.flush(context);
            }
        } catch (Http2Exception e) {
            connection.onError(context, false, e);
        }
    }

    /** An error of ours ends the one RPC that met it. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("RPC failed by an error of the worker");
            finish(GrpcStatus.of(GrpcStatus.Code.INTERNAL, "the worker failed on this request"));
        }
    }

    @Override
    public void send(Outgoing message, Runnable left) {
        write(message, left);
        connection.flush(context);
    }

    @Override
    public void sendLast(Outgoing message, Runnable left) {
        write(message, left);
        finish(GrpcStatus.OK);
    }

    private void write(Outgoing message, Runnable left) {
        if (finished) {
            message.drop();
            left.run();
            return;
        }
        head();
        connection
                .encoder()
                .writeData(context, stream.id(), message.bytes(), 0, false, context.newPromise())
                .addListener(_ -> NetworkLoop.telling(() -> {
                    message.release().run();
                    left.run();
                }));
    }

    private void head() {
        if (!headed) {
            headed = true;
            connection
                    .encoder()
                    .writeHeaders(
                            context,
                            stream.id(),
                            GrpcHeaders.head(connection.digest()),
                            0,
                            false,
                            context.newPromise());
        }
    }

    @Override
    public void finish(GrpcStatus status) {
        if (finished) {
            return;
        }
        finished = true;
        failed = status != GrpcStatus.OK;
        Http2Headers last =
                headed ? GrpcHeaders.trailers(status) : GrpcHeaders.headAndTrailers(connection.digest(), status);
        connection.encoder().writeHeaders(context, stream.id(), last, 0, true, context.newPromise());
        connection.flush(context);
        if (rpc != null && failed) {
            rpc.close();
        }
    }

    void close() {
        finished = true;
        held.forEach(ByteBuf::release);
        held.clear();
        if (rpc != null) {
            rpc.close();
        }
    }

    @Override
    public boolean isGoingAway() {
        return connection.connection().goAwaySent();
    }

    @Override
    public EventExecutor loop() {
        return context.executor();
    }

    @Override
    public ByteBufAllocator allocator() {
        return context.alloc();
    }

    @Override
    public Desk desk() {
        return connection.shared().desk();
    }

    @Override
    public Description description() {
        return connection.shared().description();
    }

    @Override
    public int mostBytes() {
        return connection.shared().mostBytes();
    }
}
