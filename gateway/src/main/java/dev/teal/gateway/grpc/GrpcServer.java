package dev.teal.gateway.grpc;

import dev.teal.gateway.admission.Keys;
import dev.teal.gateway.admission.Rates;
import dev.teal.gateway.connection.AddressLimit;
import dev.teal.gateway.forward.MessageInference;
import dev.teal.gateway.forward.WorkerStatistics;
import dev.teal.gateway.route.Routes;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.ServerSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import reactor.netty.resources.LoopResources;

/** The gRPC port, on the gateway's own event loops and with no thread besides: nothing that is done for an RPC blocks. */
public final class GrpcServer {
    private static final int MOST_STREAMS = 100;
    private static final int MOST_METADATA_BYTES = 16 * 1024;
    private static final int WINDOW_BYTES = 1 << 20;
    private static final int MOST_RESETS = 1_000;
    private static final int RESET_SECONDS = 10;
    private static final long LEAST_KEEP_ALIVE_SECONDS = 10;

    private final Server server;

    /** @param messageLimitBytes of any message; the endpoint's own limit holds besides */
    public record Settings(InetSocketAddress address, int messageLimitBytes) {}

    public GrpcServer(
            Settings settings,
            LoopResources loops,
            AddressLimit addresses,
            Routes routes,
            Keys keys,
            Rates rates,
            BooleanSupplier ready,
            String software,
            MessageInference inference,
            WorkerStatistics statistics) {
        Callers callers = new Callers(routes, keys, rates);
        EventLoopGroup loop = loops.onServer(true);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(settings.address())
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .channelFactory(() -> listening(loops, loop, addresses))
                .directExecutor()
                .flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(settings.messageLimitBytes())
                .maxInboundMetadataSize(MOST_METADATA_BYTES)
                .maxConcurrentCallsPerConnection(MOST_STREAMS)
                .maxRstFramesPerWindow(MOST_RESETS, RESET_SECONDS)
                .permitKeepAliveTime(LEAST_KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true);
        InferenceService.definitions(
                        new InferMethod(callers, inference), new CatalogMethods(callers, ready, software, statistics))
                .forEach(builder::addService);
        this.server = builder.build();
    }

    private static ServerSocketChannel listening(LoopResources loops, EventLoopGroup loop, AddressLimit addresses) {
        ServerSocketChannel channel = loops.onChannel(ServerSocketChannel.class, loop);
        channel.pipeline().addLast(new AcceptedConnections(addresses::countingHttp2));
        return channel;
    }

    public void start() {
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    public int port() {
        return server.getPort();
    }

    /** Lets nothing more begin, and waits for what has. */
    public void stop(Duration longest) {
        server.shutdown();
        try {
            if (!server.awaitTermination(longest.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
