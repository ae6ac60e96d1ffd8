package dev.teal.gateway.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.Optional;

/** Looks at a call before any message of it is taken. */
interface Door {
    Door OPEN = (_, _) -> Optional.empty();

    /** @return how the call ends at once, or empty */
    Optional<Told.Ended> refusal(ServerCall<?, ?> call, Metadata head);

    /** @return whether the call has ended; its client need not send its message then */
    default boolean shut(ServerCall<?, ?> call, Metadata head, AcceptedConnections connections) {
        Optional<Told.Ended> refusal = refusal(call, head);
        refusal.ifPresent(ended -> {
            call.close(ended.status(), ended.trailers());
            connections.streamOf(call).stop();
        });
        return refusal.isPresent();
    }
}
