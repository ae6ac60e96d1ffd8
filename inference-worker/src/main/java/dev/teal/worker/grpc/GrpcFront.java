package dev.teal.worker.grpc;

import dev.teal.worker.run.Description;
import dev.teal.worker.run.Desk;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;

/** The gRPC service, for any connection that begins as HTTP/2 does. */
public final class GrpcFront {
    private final Methods methods;
    private final Desk desk;
    private final Description description;
    private final int mostBytes;
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    /** @param mostBytes of one message, as it is when unpacked */
    public GrpcFront(Desk desk, Description description, int mostBytes) {
        this.methods = new Methods(description);
        this.desk = desk;
        this.description = description;
        this.mostBytes = mostBytes;
    }

    /** Makes the connection HTTP/2; what it has sent comes through the pipeline once more. */
    public void install(ChannelPipeline pipeline) {
        connections.add(pipeline.channel());
        pipeline.addLast(
                new GrpcConnectionBuilder(new GrpcConnection.Shared(methods, desk, description, mostBytes)).build());
    }

    /** Lets no client begin anything more: each is told to go, what is in flight is answered, and then it is closed. */
    public void drain() {
        connections.close();
    }
}
