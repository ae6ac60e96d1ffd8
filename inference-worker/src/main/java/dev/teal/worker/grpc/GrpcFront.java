package dev.teal.worker.grpc;

import dev.teal.worker.run.Description;
import dev.teal.worker.run.Desk;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.jspecify.annotations.Nullable;

/** The gRPC service, for any connection that begins as HTTP/2 does. Until the first does, it costs a start nothing. */
public final class GrpcFront {
    private final Desk desk;
    private final Description description;
    private final int mostBytes;
    private @Nullable Opened opened;
    private boolean drained;

    /** What the first connection brings about. */
    private record Opened(GrpcConnection.Shared shared, ChannelGroup connections) {}

    /** @param mostBytes of one message, as it is when unpacked */
    public GrpcFront(Desk desk, Description description, int mostBytes) {
        this.desk = desk;
        this.description = description;
        this.mostBytes = mostBytes;
    }

    /** Makes the connection HTTP/2; what it has sent comes through the pipeline once more. */
    public void install(ChannelPipeline pipeline) {
        Opened all = opened();
        pipeline.addLast(new GrpcConnectionBuilder(all.shared()).build());
        all.connections().add(pipeline.channel());
    }

    private synchronized Opened opened() {
        Opened all = opened;
        if (all == null) {
            all = new Opened(
                    new GrpcConnection.Shared(new Methods(description), desk, description, mostBytes),
                    new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true));
            opened = all;
            if (drained) {
                all.connections().close();
            }
        }
        return all;
    }

    /** Lets no client begin anything more: each is told to go, what is in flight is answered, and then it is closed. */
    public synchronized void drain() {
        drained = true;
        if (opened != null) {
            opened.connections().close();
        }
    }
}
