package dev.teal.worker.serve;

import dev.teal.worker.grpc.Preface;
import dev.teal.worker.network.NetworkLoop;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;

/** HTTP/1.1 on a Unix socket of mode 0600, and HTTP/2 for connections that begin so where somebody speaks it. */
public final class UnixServer implements AutoCloseable {
    /** What a piece of a large body may be: few of them, and few calls of the system. */
    private static final int MAX_READ_BYTES = 256 << 10;

    private static final HttpDecoderConfig DECODER = new HttpDecoderConfig()
            .setMaxInitialLineLength(8 << 10)
            .setMaxHeaderSize(16 << 10)
            .setMaxChunkSize(MAX_READ_BYTES);

    private final Path socket;
    private final Channel channel;

    private UnixServer(Path socket, Channel channel) {
        this.socket = socket;
        this.channel = channel;
    }

    /**
     * Listens.
     *
     * @throws IOException also where another process answers on this socket; the file that a dead one left is replaced
     */
    public static UnixServer bind(EventLoopGroup loop, Path socket, Routes routes) throws IOException {
        return listen(loop, socket, pipeline -> http1(pipeline, routes));
    }

    /** The same. @param http2 makes a connection one of HTTP/2 */
    public static UnixServer bind(EventLoopGroup loop, Path socket, Routes routes, Consumer<ChannelPipeline> http2)
            throws IOException {
        return listen(
                loop,
                socket,
                pipeline -> pipeline.addLast(new Preface(connection -> http1(connection, routes), http2)));
    }

    private static void http1(ChannelPipeline pipeline, Routes routes) {
        pipeline.addLast(new HttpServerCodec(DECODER)).addLast(new HttpConnection(routes));
    }

    private static UnixServer listen(EventLoopGroup loop, Path socket, Consumer<ChannelPipeline> connected)
            throws IOException {
        if (answers(socket)) {
            throw new IOException("another process listens on " + socket.getFileName());
        }
        Files.deleteIfExists(socket);
        Channel channel = new ServerBootstrap()
                .group(loop)
                .channel(NioServerDomainSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel child) {
                        child.config()
                                .setRecvByteBufAllocator(
                                        new AdaptiveRecvByteBufAllocator(512, 4 << 10, MAX_READ_BYTES));
                        connected.accept(child.pipeline());
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
                        NetworkLoop.survived(cause);
                        super.exceptionCaught(context, cause);
                    }
                })
                .bind(UnixDomainSocketAddress.of(socket))
                .syncUninterruptibly()
                .channel();
        Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
        return new UnixServer(socket, channel);
    }

    private static boolean answers(Path socket) {
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(socket);
        channel.close().syncUninterruptibly();
    }
}
