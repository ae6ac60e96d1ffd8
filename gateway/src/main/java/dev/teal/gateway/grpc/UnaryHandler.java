package dev.teal.gateway.grpc;

import dev.teal.gateway.answer.Answer;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** One message in, one out. */
final class UnaryHandler implements ServerCallHandler<byte[], byte[]> {
    private final Door door;
    private final AcceptedConnections connections;
    private final Function<Asked, Mono<Told>> method;

    UnaryHandler(Door door, AcceptedConnections connections, Function<Asked, Mono<Told>> method) {
        this.door = door;
        this.connections = connections;
        this.method = method;
    }

    @Override
    public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> call, Metadata head) {
        if (door.shut(call, head, connections)) {
            return new ServerCall.Listener<>() {};
        }
        CallBudget budget = CallBudget.current();
        Listener listener = new Listener(call, budget, Peers.deadline(), head);
        ClientStream stream = connections.streamOf(call);
        budget.begin(ended -> stream.stopAfter(call, () -> listener.end(ended)), stream::drop);
        budget.awaitAll();
        // One more than there may be, so that a second one is seen
        call.request(2);
        return listener;
    }

    private final class Listener extends ServerCall.Listener<byte[]> {
        private final ServerCall<byte[], byte[]> call;
        private final CallBudget budget;
        private final Metadata head;
        private final Peers.Deadline deadline;
        private final Disposable.Swap work = Disposables.swap();
        private byte @Nullable [] message;
        private boolean closed;

        Listener(ServerCall<byte[], byte[]> call, CallBudget budget, Peers.Deadline deadline, Metadata head) {
            this.call = call;
            this.budget = budget;
            this.deadline = deadline;
            this.head = head;
        }

        @Override
        public void onMessage(byte[] received) {
            if (!budget.keep(received.length)) {
                return;
            }
            if (message != null) {
                end(Told.secondMessage());
            }
            message = received;
        }

        @Override
        public void onHalfClose() {
            budget.allArrived();
            byte[] asked = message;
            if (isClosed() || budget.isRefused()) {
                return;
            }
            if (asked == null) {
                end(Told.noMessage());
                return;
            }
            work.update(method.apply(new Asked(asked, head, Peers.of(call), deadline.remainingMillis()))
                    .doFinally(_ -> budget.release(asked.length))
                    .subscribe(this::told, problem -> end(Told.failed(problem))));
        }

        private synchronized void told(Told told) {
            switch (told) {
                case Told.Ended ended -> end(ended);
                case Told.Message(var answer, var answerHead) -> {
                    if (closed || call.isCancelled()) {
                        return;
                    }
                    if (!budget.answer(answer.length)) {
                        end(Told.ended(Answer.Failure.noMemory()));
                        return;
                    }
                    call.sendHeaders(answerHead);
                    call.sendMessage(answer);
                    budget.sent(answer.length);
                    end(Told.ended(Status.OK));
                }
            }
        }

        private synchronized boolean isClosed() {
            return closed;
        }

        private synchronized void end(Told.Ended ended) {
            if (!closed) {
                closed = true;
                if (!call.isCancelled()) {
                    call.close(ended.status(), ended.trailers());
                }
            }
        }

        @Override
        public void onCancel() {
            work.dispose();
        }
    }
}
