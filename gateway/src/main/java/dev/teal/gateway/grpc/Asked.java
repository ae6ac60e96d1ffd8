package dev.teal.gateway.grpc;

import io.grpc.Metadata;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * One message that a client asks with.
 *
 * @param remainingMillis until the RPC's deadline; {@link Long#MAX_VALUE} without one
 */
record Asked(byte[] message, Metadata head, @Nullable InetSocketAddress peer, long remainingMillis) {
    static final Metadata.Key<String> AUTHORIZATION = key("authorization");
    static final Metadata.Key<String> COLOR = key("teal-color");
    static final Metadata.Key<String> DEADLINE_MILLIS = key("teal-deadline-millis");
    static final Metadata.Key<String> TRACEPARENT = key("traceparent");
    static final Metadata.Key<String> TRACESTATE = key("tracestate");
    static final Metadata.Key<String> STATUS_ERRORS = key("triton_grpc_error");

    static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    @Nullable
    String text(Metadata.Key<String> key) {
        return head.get(key);
    }
}
