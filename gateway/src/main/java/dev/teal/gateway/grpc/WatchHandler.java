package dev.teal.gateway.grpc;

import dev.teal.protocol.grpc.Messages;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The health of one service: as it is, and then each change. One that is not known may become so, and its watch goes on. A client that does not
 * read is told where things stand once it does, and nothing of what was between.
 */
final class WatchHandler implements ServerCallHandler<byte[], byte[]> {
    private static final byte[] UNKNOWN = Messages.healthOfNobody();

    private final Watches watches;
    private final AcceptedConnections connections;
    private final Function<Asked, Mono<Told>> check;

    /** @param check answers at once, on the thread that asks */
    WatchHandler(Watches watches, AcceptedConnections connections, Function<Asked, Mono<Told>> check) {
        this.watches = watches;
        this.connections = connections;
        this.check = check;
    }

    @Override
    public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> call, Metadata head) {
        CallBudget budget = CallBudget.current();
        Watching watching = new Watching(call, budget, head);
        ClientStream stream = connections.streamOf(call);
        budget.begin(ended -> stream.stopAfter(call, () -> watching.close(ended)), stream::drop);
        budget.awaitAll();
        call.request(2);
        return watching;
    }

    private final class Watching extends ServerCall.Listener<byte[]> implements Watches.Watch {
        private final ServerCall<byte[], byte[]> call;
        private final CallBudget budget;
        private final Metadata head;
        private @Nullable Asked asked;
        private byte @Nullable [] told;
        private boolean closed;

        Watching(ServerCall<byte[], byte[]> call, CallBudget budget, Metadata head) {
            this.call = call;
            this.budget = budget;
            this.head = head;
        }

        @Override
        public void onMessage(byte[] message) {
            if (!budget.keep(message.length)) {
                return;
            }
            if (asked != null) {
                close(Told.secondMessage());
                return;
            }
            asked = new Asked(message, head, Peers.of(call), Long.MAX_VALUE);
        }

        @Override
        public void onHalfClose() {
            budget.allArrived();
            if (budget.isRefused()) {
                return;
            }
            if (asked == null) {
                close(Told.noMessage());
                return;
            }
            if (!watches.add(this)) {
                close(Told.ended(Status.RESOURCE_EXHAUSTED.withDescription(
                        "there are too many watches; ask Check in place of one")));
                return;
            }
            call.sendHeaders(new Metadata());
            look();
        }

        @Override
        public void look() {
            Asked question = asked;
            if (question != null) {
                check.apply(question).subscribe(this::found, problem -> close(Told.failed(problem)));
            }
        }

        private void found(Told now) {
            switch (now) {
                case Told.Message(var health, var _) -> tell(health);
                case Told.Ended ended when ended.status().getCode() == Status.Code.NOT_FOUND -> tell(UNKNOWN);
                case Told.Ended ended -> close(ended);
            }
        }

        private synchronized void tell(byte[] health) {
            if (!closed && !call.isCancelled() && call.isReady() && !Arrays.equals(health, told)) {
                told = health;
                call.sendMessage(health);
            }
        }

        @Override
        public void end() {
            close(Told.ended(Status.UNAVAILABLE.withDescription("the gateway stops; watch another")));
        }

        private void close(Told.Ended ended) {
            watches.remove(this);
            synchronized (this) {
                if (!closed) {
                    closed = true;
                    if (!call.isCancelled()) {
                        call.close(ended.status(), ended.trailers());
                    }
                }
            }
        }

        @Override
        public void onCancel() {
            watches.remove(this);
        }

        @Override
        public void onComplete() {
            watches.remove(this);
        }
    }
}
