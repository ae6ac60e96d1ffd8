package dev.teal.gateway.grpc;

import dev.teal.gateway.admission.BodyMemory;
import dev.teal.gateway.admission.Keys;
import dev.teal.gateway.admission.Rates;
import dev.teal.gateway.connection.AddressLimit;
import dev.teal.gateway.forward.MessageInference;
import dev.teal.gateway.forward.WorkerStatistics;
import dev.teal.gateway.route.Routes;
import dev.teal.gateway.timing.Timers;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerStreamTracer;
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
    private final Watches watches;

    /**
     * What it is told.
     *
     * @param messageLimitBytes of any message; the endpoint's own limit holds besides
     * @param messageTime for a message to arrive, and for an answer to be taken
     * @param idleTime after which a connection without a call is ended
     */
    public record Settings(InetSocketAddress address, int messageLimitBytes, Duration messageTime, Duration idleTime) {}

    /** Who may call, how often and with how much. */
    public record Admission(Keys keys, Rates rates, AddressLimit addresses, BodyMemory memory) {}

    public GrpcServer(
            Settings settings,
            Admission admission,
            LoopResources loops,
            Timers timers,
            Routes routes,
            BooleanSupplier ready,
            String software,
            MessageInference inference,
            WorkerStatistics statistics) {
        EventLoopGroup loop = loops.onServer(true);
        AcceptedConnections connections = new AcceptedConnections(admission.addresses()::countingHttp2);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(settings.address())
                .bossEventLoopGroup(loop)
                .workerEventLoopGroup(loop)
                .channelFactory(() -> listening(loops, loop, connections))
                .directExecutor()
                .flowControlWindow(WINDOW_BYTES)
                .maxInboundMessageSize(settings.messageLimitBytes())
                .maxInboundMetadataSize(MOST_METADATA_BYTES)
                .maxConcurrentCallsPerConnection(MOST_STREAMS)
                .maxRstFramesPerWindow(MOST_RESETS, RESET_SECONDS)
                .maxConnectionIdle(settings.idleTime().toMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(LEAST_KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .decompressorRegistry(DecompressorRegistry.emptyInstance().with(new Gzip(), true))
                .addStreamTracerFactory(budgets(admission.memory(), timers, settings.messageTime()));
        Callers callers = new Callers(routes, admission.keys(), admission.rates());
        this.watches = new Watches(timers);
        new InferenceService(
                        new InferMethod(callers, inference),
                        new CatalogMethods(callers, ready, software, statistics),
                        watches,
                        connections)
                .definitions()
                .forEach(builder::addService);
        this.server = builder.build();
    }

    private static ServerStreamTracer.Factory budgets(BodyMemory memory, Timers timers, Duration messageTime) {
        return new ServerStreamTracer.Factory() {
            @Override
            public ServerStreamTracer newServerStreamTracer(String method, Metadata head) {
                return new CallBudget(memory, timers, messageTime);
            }
        };
    }

    private static ServerSocketChannel listening(
            LoopResources loops, EventLoopGroup loop, AcceptedConnections connections) {
        ServerSocketChannel channel = loops.onChannel(ServerSocketChannel.class, loop);
        channel.pipeline().addLast(connections);
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

    /** Lets nothing more begin, and waits for what has; a watch would never end by itself. */
    public void stop(Duration longest) {
        server.shutdown();
        watches.stop();
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
