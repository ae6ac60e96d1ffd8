package dev.teal.worker.grpc;

import dev.teal.worker.network.NetworkLoop;
import dev.teal.worker.run.Description;
import dev.teal.worker.run.Description.Loaded;
import dev.teal.worker.run.Desk;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One HTTP/2 connection. Frames become RPCs, and RPCs answer into its streams. */
final class GrpcConnection extends Http2ConnectionHandler {
    /** Of all streams together; a stream that waits holds up to its own window of it. */
    private static final int WINDOW_BYTES = 16 << 20;

    private final Shared shared;
    private final Frames frames = new Frames();
    private final Http2Connection.PropertyKey key;
    private boolean widened;

    /** What all connections have in common. */
    record Shared(Methods methods, Desk desk, Description description, int mostBytes) {}

    GrpcConnection(
            Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings, Shared shared) {
        super(decoder, encoder, settings);
        this.shared = shared;
        this.key = connection().newKey();
        connection().addListener(frames);
    }

    Frames frames() {
        return frames;
    }

    Shared shared() {
        return shared;
    }

    @Nullable
    String digest() {
        return shared.description().loaded().map(Loaded::digest).orElse(null);
    }

    /** A connection that broke is no error of anybody here. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        if (cause instanceof IOException) {
            context.close();
        } else {
            NetworkLoop.survived(cause);
            super.exceptionCaught(context, cause);
        }
    }

    /** Of a stream or of the connection: what reads and writes frames tells of all errors here, and nowhere else. */
    @Override
    public void onError(ChannelHandlerContext context, boolean outbound, Throwable cause) {
        NetworkLoop.survived(cause);
        super.onError(context, outbound, cause);
    }

    private @Nullable GrpcStream at(int streamId) {
        Http2Stream stream = connection().stream(streamId);
        return stream == null ? null : stream.getProperty(key);
    }

    /** What the frames say. */
    final class Frames extends Http2EventAdapter {
        @Override
        public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) throws Http2Exception {
            if (!widened) {
                widened = true;
                var flow = connection().local().flowController();
                Http2Stream whole = connection().connectionStream();
                flow.incrementWindowSize(whole, WINDOW_BYTES - flow.initialWindowSize(whole));
            }
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context,
                int streamId,
                Http2Headers headers,
                int streamDependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean endOfStream) {
            onHeadersRead(context, streamId, headers, padding, endOfStream);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext context, int streamId, Http2Headers headers, int padding, boolean endOfStream) {
            Http2Stream stream = connection().stream(streamId);
            GrpcStream known = stream.getProperty(key);
            if (known != null) {
                known.trailers(endOfStream);
                return;
            }
            GrpcStream opened = new GrpcStream(GrpcConnection.this, context, stream);
            stream.setProperty(key, opened);
            opened.open(headers, endOfStream);
        }

        @Override
        public int onDataRead(
                ChannelHandlerContext context, int streamId, ByteBuf data, int padding, boolean endOfStream) {
            GrpcStream stream = at(streamId);
            int bytes = data.readableBytes() + padding;
            return stream == null ? bytes : bytes - stream.data(data, endOfStream);
        }

        @Override
        public void onStreamClosed(Http2Stream closed) {
            GrpcStream stream = closed.getProperty(key);
            if (stream != null) {
                stream.close();
            }
        }
    }
}
