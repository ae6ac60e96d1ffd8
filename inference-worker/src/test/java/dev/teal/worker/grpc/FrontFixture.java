package dev.teal.worker.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.protocol.oip.Tensor;
import dev.teal.worker.network.NetworkLoop;
import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The front on a port of loopback before a desk that does as it is told, and a client that grpc-java generates. */
final class FrontFixture implements AfterEachCallback {
    static final Duration LONG = Duration.ofSeconds(30);
    static final int MOST_BYTES = 4 << 20;

    final FakeDesk desk = new FakeDesk();
    final GrpcFront front = new GrpcFront(desk, desk, MOST_BYTES);
    final ManagedChannel channel;
    private final EventLoopGroup loop = NetworkLoop.group(NioIoHandler.newFactory());
    private final Channel server;

    FrontFixture() {
        server = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel child) {
                        child.pipeline()
                                .addLast(new Preface(
                                        pipeline -> pipeline.addLast(new HttpServerCodec(), new Http1Echo()),
                                        front::install));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        channel = client();
    }

    int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    ManagedChannel client() {
        return NettyChannelBuilder.forAddress("127.0.0.1", port())
                .usePlaintext()
                .maxInboundMessageSize(64 << 20)
                .build();
    }

    GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub stub() {
        return GRPCInferenceServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    GRPCInferenceServiceGrpc.GRPCInferenceServiceStub async() {
        return GRPCInferenceServiceGrpc.newStub(channel);
    }

    /** What the network's thread says that it has gone on after, from now on. */
    CompletableFuture<Throwable> survived() {
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        loop.submit(() -> Thread.currentThread().setUncaughtExceptionHandler((_, error) -> told.complete(error)))
                .syncUninterruptibly();
        return told;
    }

    void assertEchoed(Tensor tensor) {
        ModelInferResponse answer = stub().modelInfer(TestCalls.request(tensor));

        assertThat(answer.getModelName()).isEqualTo("m");
        assertThat(answer.getModelVersion()).isEqualTo("7");
        assertThat(answer.getId()).isEqualTo("in");
        assertThat(answer.getOutputs(0).getDatatype())
                .isEqualTo(tensor.datatype().name());
        assertThat(answer.getRawOutputContents(0).asReadOnlyByteBuffer()).isEqualTo(tensor.data());
    }

    /** Everything has been given back by then. */
    @Override
    public void afterEach(ExtensionContext context) {
        await().atMost(LONG).until(() -> desk.open.get() == 0 && desk.unreleased.get() == 0);
        channel.shutdownNow();
        server.close().syncUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        desk.close();
    }
}
