package dev.teal.worker.grpc;

import dev.teal.protocol.grpc.Messages;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.worker.run.Admission;
import dev.teal.worker.run.Description.Loaded;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * {@code ModelStreamInfer}: a request a message, so many at once, answers in the order of the requests. An error is told within the stream, or
 * ends it where the client wants that. Nothing more is taken while enough is unanswered or not yet sent: a client that does not read makes
 * itself wait.
 */
final class StreamInfer extends Rpc implements InferCall.Way {
    private static final int MOST_AT_ONCE = 16;

    private final Queue<Slot> slots = new ArrayDeque<>();
    private @Nullable Slot beginning;
    private boolean complete;

    /** A request's place in the order of answers. */
    private static final class Slot {
        private Admission.@Nullable Admitted admitted;
        private @Nullable InferCall call;
        private @Nullable GrpcStatus refused;
        private boolean answered;
        private boolean sent;
    }

    StreamInfer(Line line, GrpcHead head) {
        super(line, head);
    }

    @Override
    public boolean takesMore() {
        return slots.size() < MOST_AT_ONCE && !isClosed();
    }

    @Override
    public boolean begins(boolean compressed, long length) {
        if (refuses(compressed, length)) {
            return false;
        }
        Slot slot = new Slot();
        slots.add(slot);
        beginning = slot;
        String model = loaded().map(Loaded::name).orElse("");
        return switch (line().desk().admit(head().toHead(model, length, System.nanoTime()))) {
            case Admission.Refused(var failure) -> {
                slot.refused = head().statusOf(failure, System.nanoTime());
                slot.answered = true;
                beginning = null;
                sendInOrder();
                yield false;
            }
            case Admission.Admitted in -> {
                slot.admitted = in;
                yield true;
            }
        };
    }

    @Override
    public void isWhole(boolean compressed, MessageBody body) {
        Slot slot = beginning;
        beginning = null;
        if (slot == null || slot.admitted == null || isClosed()) {
            body.release();
            return;
        }
        Admission.Admitted in = slot.admitted;
        slot.admitted = null;
        InferCall call = new InferCall(this, compressed, body, in.target().bodyLimitBytes());
        slot.call = call;
        in.begin(call);
    }

    @Override
    void isComplete() {
        if (isWithinMessage()) {
            line().finish(GrpcStatus.of(GrpcStatus.Code.INTERNAL, "the stream ended within a message"));
        } else {
            complete = true;
            finishIfDone();
        }
    }

    private void finishIfDone() {
        if (complete && slots.isEmpty() && !isClosed()) {
            line().finish(GrpcStatus.OK);
        }
    }

    @Override
    void ended() {
        for (Slot slot : slots) {
            if (slot.admitted != null) {
                slot.admitted.abandon();
                slot.admitted = null;
            }
            if (slot.call != null) {
                dropUnsent(slot.call);
                slot.call.end();
            }
        }
        slots.clear();
    }

    private static void dropUnsent(InferCall call) {
        Outgoing unsent = call.takeOutgoing();
        if (unsent != null) {
            unsent.drop();
        }
    }

    @Override
    public void answered(InferCall call) {
        for (Slot slot : slots) {
            if (slot.call == call) {
                slot.answered = true;
                sendInOrder();
                return;
            }
        }
        dropUnsent(call);
    }

    /** One at a time and looked for anew: a message that leaves at once takes its place away, and may let the next request in. */
    private void sendInOrder() {
        for (Slot next = unsent(); next != null && next.answered && !isClosed(); next = unsent()) {
            next.sent = true;
            send(next);
        }
    }

    private @Nullable Slot unsent() {
        for (Slot slot : slots) {
            if (!slot.sent) {
                return slot;
            }
        }
        return null;
    }

    private void send(Slot slot) {
        InferCall call = slot.call;
        GrpcStatus status = call == null ? slot.refused : call.status();
        if (status != null && head().statusErrors()) {
            line().finish(status);
            return;
        }
        Outgoing outgoing = call == null ? null : call.takeOutgoing();
        if (outgoing == null) {
            String message = status == null ? "no answer" : status.message();
            String id = call == null ? "" : call.id();
            outgoing = Outgoing.of(Messages.streamError(id, message), line().allocator());
        }
        line().send(outgoing, () -> left(slot));
    }

    private void left(Slot slot) {
        if (slot.call != null) {
            slot.call.end();
        }
        if (slots.remove(slot)) {
            finishIfDone();
            line().resume();
        }
    }

    @Override
    public Outgoing encode(InferenceResponse response, boolean finalResponse, Runnable release) {
        return Outgoing.of(response, finalResponse, Outgoing.Frame.STREAM_MESSAGE, line().allocator(), release);
    }
}
