package dev.teal.worker.grpc;

import dev.teal.protocol.grpc.Messages;
import io.netty.util.concurrent.Future;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The health of one service, as it is and then each change, until the client goes or the worker drains. A client that does not read is told where
 * things stand once it does.
 */
final class HealthWatch extends DescriptionRpc {
    private static final long LOOK_EVERY_MILLIS = 250;
    private static final byte[] UNKNOWN = Messages.healthOfNobody();

    private final Method health;
    private byte @Nullable [] told;
    private boolean leaving;
    private @Nullable Future<?> next;

    HealthWatch(Line line, GrpcHead head, Method health) {
        super(line, head, health);
        this.health = health;
    }

    @Override
    void answer(byte[] message) {
        byte[] now = statusOf(message);
        if (!leaving && !Arrays.equals(now, told)) {
            told = now;
            leaving = true;
            line().send(Outgoing.of(now, line().allocator()), () -> leaving = false);
        }
        if (line().isGoingAway()) {
            line().finish(GrpcStatus.of(GrpcStatus.Code.UNAVAILABLE, "the worker drains; watch another"));
        } else if (!isClosed()) {
            next = line().loop().schedule(() -> answer(message), LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** A model may be loaded that is not known yet. */
    private byte[] statusOf(byte[] message) {
        try {
            return health.answer(message);
        } catch (Ended unknown) {
            return UNKNOWN;
        }
    }

    @Override
    void ended() {
        if (next != null) {
            next.cancel(false);
        }
    }
}
