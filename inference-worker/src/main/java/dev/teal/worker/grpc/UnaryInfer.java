package dev.teal.worker.grpc;

import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.worker.run.Admission;
import dev.teal.worker.run.Description.Loaded;
import dev.teal.worker.run.Failure;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code ModelInfer}: admitted when its message begins, begun when it is here. */
final class UnaryInfer extends Rpc implements InferCall.Way {
    private Admission.@Nullable Admitted admitted;
    private @Nullable InferCall call;
    private @Nullable Future<?> timer;

    UnaryInfer(Line line, GrpcHead head) {
        super(line, head);
    }

    @Override
    public boolean takesMore() {
        return true;
    }

    @Override
    public boolean begins(boolean compressed, long length) {
        if (call != null) {
            line().finish(GrpcStatus.of(GrpcStatus.Code.INTERNAL, "ModelInfer takes one message, and got another"));
            return false;
        }
        if (refuses(compressed, length)) {
            return false;
        }
        String model = loaded().map(Loaded::name).orElse("");
        return switch (line().desk().admit(head().toHead(model, length, System.nanoTime()))) {
            case Admission.Refused(var failure) -> {
                line().finish(head().statusOf(failure, System.nanoTime()));
                yield false;
            }
            case Admission.Admitted in -> {
                admitted = in;
                yield true;
            }
        };
    }

    /** Only a message that does not come at once needs a timer: the desk has one from then on. */
    @Override
    void data(ByteBuf bytes) {
        super.data(bytes);
        if (admitted != null && timer == null && head().hasDeadline()) {
            timer = loop().schedule(this::tooSlow, head().remainingMillis(System.nanoTime()), TimeUnit.MILLISECONDS);
        }
    }

    private void tooSlow() {
        if (admitted != null) {
            line().finish(GrpcStatus.of(
                    GrpcStatus.Code.DEADLINE_EXCEEDED, "the message did not arrive before the deadline"));
        }
    }

    @Override
    public void isWhole(boolean compressed, MessageBody body) {
        Admission.Admitted in = admitted;
        admitted = null;
        if (in == null || isClosed()) {
            body.release();
            return;
        }
        InferCall begun = new InferCall(this, compressed, body, in.target().bodyLimitBytes());
        call = begun;
        in.begin(begun);
    }

    @Override
    void isComplete() {
        if (call == null) {
            line().finish(GrpcStatus.of(
                    GrpcStatus.Code.INTERNAL,
                    isWithinMessage() ? "the request ended within its message" : "the request has no message"));
        }
    }

    @Override
    void ended() {
        if (timer != null) {
            timer.cancel(false);
        }
        Admission.Admitted in = admitted;
        admitted = null;
        if (in != null) {
            in.abandon();
        }
        if (call != null) {
            call.end();
        }
    }

    @Override
    public Outgoing encode(InferenceResponse response, boolean finalResponse, Runnable release) {
        return Outgoing.of(response, false, Outgoing.Frame.MESSAGE, line().allocator(), release);
    }

    @Override
    public void answered(InferCall answered) {
        Outgoing outgoing = answered.takeOutgoing();
        GrpcStatus status = answered.status();
        if (isClosed()) {
            if (outgoing != null) {
                outgoing.drop();
            }
        } else if (outgoing != null) {
            line().sendLast(outgoing, answered::end);
        } else {
            line().finish(status == null ? GrpcStatus.of(Failure.of(Failure.Kind.INTERNAL, "no answer")) : status);
            answered.end();
        }
    }
}
