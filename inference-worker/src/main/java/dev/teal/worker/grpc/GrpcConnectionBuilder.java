package dev.teal.worker.grpc;

import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/** The limits of a connection. */
final class GrpcConnectionBuilder extends AbstractHttp2ConnectionHandlerBuilder<GrpcConnection, GrpcConnectionBuilder> {
    static final int STREAM_WINDOW_BYTES = 1 << 20;
    private static final int MOST_STREAMS = 100;
    private static final int MOST_HEADER_BYTES = 16 * 1024;
    private static final long DRAIN_MILLIS = 30_000;
    /** A client may well give up all its streams at once, and again; one that does nothing else is cut off. */
    private static final int MOST_RESETS = 1_000;

    private static final int RESET_SECONDS = 10;

    private final GrpcConnection.Shared shared;

    GrpcConnectionBuilder(GrpcConnection.Shared shared) {
        this.shared = shared;
        DefaultHttp2Connection connection = new DefaultHttp2Connection(true);
        // No client weighs its streams against each other any more, and to be ready for it costs at every write
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        connection(connection);
        initialSettings(new Http2Settings()
                .maxConcurrentStreams(MOST_STREAMS)
                .maxHeaderListSize(MOST_HEADER_BYTES)
                .initialWindowSize(STREAM_WINDOW_BYTES));
        gracefulShutdownTimeoutMillis(DRAIN_MILLIS);
        decoderEnforceMaxRstFramesPerWindow(MOST_RESETS, RESET_SECONDS);
    }

    @Override
    protected GrpcConnection build() {
        return super.build();
    }

    @Override
    protected GrpcConnection build(
            Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
        GrpcConnection connection = new GrpcConnection(decoder, encoder, settings, shared);
        frameListener(connection.frames());
        return connection;
    }
}
