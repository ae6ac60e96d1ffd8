package dev.teal.gateway.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

/** One message in, one out. */
final class UnaryHandler implements ServerCallHandler<byte[], byte[]> {
    private static final Logger log = LoggerFactory.getLogger(UnaryHandler.class);

    private final Door door;
    private final Function<Asked, Mono<Told>> method;

    UnaryHandler(Door door, Function<Asked, Mono<Told>> method) {
        this.door = door;
        this.method = method;
    }

    @Override
    public ServerCall.Listener<byte[]> startCall(ServerCall<byte[], byte[]> call, Metadata head) {
        if (door.shut(call, head)) {
            return new ServerCall.Listener<>() {};
        }
        // One more than there may be, so that a second one is seen
        call.request(2);
        return new Listener(call, Peers.deadline(), head);
    }

    private final class Listener extends ServerCall.Listener<byte[]> {
        private final ServerCall<byte[], byte[]> call;
        private final Metadata head;
        private final Peers.Deadline deadline;
        private final Disposable.Swap work = Disposables.swap();
        private byte @Nullable [] message;
        private boolean closed;

        Listener(ServerCall<byte[], byte[]> call, Peers.Deadline deadline, Metadata head) {
            this.call = call;
            this.deadline = deadline;
            this.head = head;
        }

        @Override
        public void onMessage(byte[] received) {
            if (message != null) {
                close(
                        Status.INTERNAL.withDescription("this method takes one message, and got another"),
                        new Metadata());
            }
            message = received;
        }

        @Override
        public void onHalfClose() {
            byte[] asked = message;
            if (isClosed()) {
                return;
            }
            if (asked == null) {
                close(Status.INTERNAL.withDescription("the request has no message"), new Metadata());
                return;
            }
            work.update(method.apply(new Asked(asked, head, Peers.of(call), deadline.remainingMillis()))
                    .subscribe(this::told, this::failed));
        }

        private void failed(Throwable problem) {
            log.atError().setCause(problem).log("RPC failed within the gateway");
            close(Status.INTERNAL.withDescription("the gateway failed; see its log"), new Metadata());
        }

        private synchronized void told(Told told) {
            switch (told) {
                case Told.Ended(var status, var trailers) -> close(status, trailers);
                case Told.Message(var answer, var answerHead) -> {
                    if (!closed && !call.isCancelled()) {
                        call.sendHeaders(answerHead);
                        call.sendMessage(answer);
                        close(Status.OK, new Metadata());
                    }
                }
            }
        }

        private synchronized boolean isClosed() {
            return closed;
        }

        private synchronized void close(Status status, Metadata trailers) {
            if (!closed) {
                closed = true;
                if (!call.isCancelled()) {
                    call.close(status, trailers);
                }
            }
        }

        @Override
        public void onCancel() {
            work.dispose();
        }
    }
}
