package dev.teal.gateway.grpc;

import dev.teal.gateway.answer.Answer;
import dev.teal.protocol.grpc.Messages;
import dev.teal.protocol.grpc.ModelInferRequest;
import dev.teal.protocol.oip.RequestBody;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/**
 * Messages in, as many out, in the same order. So many are under way at once, and none more is taken while the client does not take its
 * answers. An error is told within the stream, or ends it where the client wants that.
 */
final class StreamHandler implements ServerCallHandler<byte[], byte[]> {
    private static final int MOST_AT_ONCE = 16;

    private final Door door;
    private final AcceptedConnections connections;
    private final Function<Asked, Mono<Told>> method;

    /** @param method answers with messages of the stream */
    StreamHandler(Door door, AcceptedConnections connections, Function<Asked, Mono<Told>> method) {
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
        call.sendHeaders(new Metadata());
        listener.more();
        return listener;
    }

    /** A message's place in the order of answers. */
    private static final class Slot {
        private final String id;
        private @Nullable Told told;

        /** @param id of the request, by which its client knows it */
        Slot(String id) {
            this.id = id;
        }
    }

    private final class Listener extends ServerCall.Listener<byte[]> {
        private final ServerCall<byte[], byte[]> call;
        private final CallBudget budget;
        private final Peers.Deadline deadline;
        private final Metadata head;
        private final Disposable.Composite work = Disposables.composite();
        private final Queue<Slot> slots = new ArrayDeque<>();
        private boolean requested;
        private boolean complete;
        private boolean closed;

        Listener(ServerCall<byte[], byte[]> call, CallBudget budget, Peers.Deadline deadline, Metadata head) {
            this.call = call;
            this.budget = budget;
            this.deadline = deadline;
            this.head = head;
        }

        /** One at a time, so that never more than may come in. */
        private synchronized void more() {
            if (!requested && !complete && !closed && slots.size() < MOST_AT_ONCE && call.isReady()) {
                requested = true;
                call.request(1);
            }
        }

        @Override
        public void onReady() {
            budget.taken();
            more();
        }

        @Override
        public void onMessage(byte[] message) {
            if (!budget.keep(message.length)) {
                return;
            }
            Slot slot = new Slot(ModelInferRequest.idOf(RequestBody.of(message)));
            synchronized (this) {
                requested = false;
                slots.add(slot);
            }
            Asked asked = new Asked(message, head, Peers.of(call), deadline.remainingMillis());
            Disposable.Swap one = Disposables.swap();
            work.add(one);
            one.update(method.apply(asked)
                    .doFinally(_ -> {
                        work.remove(one);
                        budget.release(message.length);
                    })
                    .subscribe(told -> told(slot, told), problem -> told(slot, Told.failed(problem))));
            more();
        }

        private void told(Slot slot, Told told) {
            boolean holds = !(told instanceof Told.Message(var answer, var _)) || budget.answer(answer.length);
            synchronized (this) {
                slot.told = holds ? told : Told.ended(Answer.Failure.noMemory());
                for (Slot first = slots.peek(); first != null && first.told != null; first = slots.peek()) {
                    slots.remove();
                    send(first.id, first.told);
                }
                finishIfDone();
            }
            more();
        }

        private void send(String id, Told told) {
            if (closed || call.isCancelled()) {
                return;
            }
            switch (told) {
                case Told.Message(var message, var _) -> {
                    call.sendMessage(message);
                    budget.sent(message.length);
                    if (call.isReady()) {
                        budget.taken();
                    }
                }
                case Told.Ended ended -> {
                    if ("true".equalsIgnoreCase(head.get(Asked.STATUS_ERRORS))) {
                        end(ended);
                    } else {
                        Status status = ended.status();
                        String reason = status.getDescription();
                        call.sendMessage(Messages.streamError(
                                id, reason == null ? status.getCode().name() : reason));
                    }
                }
            }
        }

        /** Whatever is under way is not wanted any more. */
        private void end(Told.Ended ended) {
            synchronized (this) {
                if (closed || call.isCancelled()) {
                    return;
                }
                closed = true;
                call.close(ended.status(), ended.trailers());
            }
            work.dispose();
        }

        @Override
        public synchronized void onHalfClose() {
            complete = true;
            finishIfDone();
        }

        private void finishIfDone() {
            if (complete && slots.isEmpty() && !closed && !budget.isRefused() && !call.isCancelled()) {
                closed = true;
                call.close(Status.OK, new Metadata());
            }
        }

        @Override
        public void onCancel() {
            work.dispose();
        }
    }
}
