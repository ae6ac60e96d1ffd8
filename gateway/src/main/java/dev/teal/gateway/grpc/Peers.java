package dev.teal.gateway.grpc;

import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Who calls, and until when. */
final class Peers {
    private Peers() {}

    /** The RPC's deadline, as far as there is one. */
    record Deadline(io.grpc.@Nullable Deadline rpc) {
        long remainingMillis() {
            return rpc == null ? Long.MAX_VALUE : Math.max(1, rpc.timeRemaining(TimeUnit.MILLISECONDS));
        }
    }

    static Deadline deadline() {
        return new Deadline(Context.current().getDeadline());
    }

    static @Nullable InetSocketAddress of(ServerCall<?, ?> call) {
        return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress address
                ? address
                : null;
    }
}
