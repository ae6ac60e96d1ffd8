package dev.teal.worker.grpc;

import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.worker.run.BodyTooLarge;

/** An RPC that is answered at once from what the worker tells of itself. */
class DescriptionRpc extends Rpc {
    private static final int MOST_BYTES = 64 * 1024;

    private final Method method;
    private boolean answered;

    /** What is answered to a message. */
    @FunctionalInterface
    interface Method {
        /** @throws Ended with another status than OK, @throws InvalidInference */
        byte[] answer(byte[] message);
    }

    /** There is no message to answer with. */
    static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient GrpcStatus status;

        Ended(GrpcStatus.Code code, String message) {
            super(message, null, false, false);
            this.status = GrpcStatus.of(code, message);
        }
    }

    DescriptionRpc(Line line, GrpcHead head, Method method) {
        super(line, head);
        this.method = method;
    }

    @Override
    public boolean takesMore() {
        return true;
    }

    @Override
    public boolean begins(boolean compressed, long length) {
        if (answered) {
            line().finish(GrpcStatus.of(GrpcStatus.Code.INTERNAL, "this method takes one message, and got another"));
            return false;
        }
        if (length > MOST_BYTES) {
            line().finish(GrpcStatus.of(
                    GrpcStatus.Code.RESOURCE_EXHAUSTED, "the message is larger than " + MOST_BYTES + " bytes"));
            return false;
        }
        return !refuses(compressed, length);
    }

    @Override
    public void isWhole(boolean compressed, MessageBody body) {
        answered = true;
        try {
            answer(bytes(compressed ? Gzip.unpack(body, MOST_BYTES, TensorAllocator.HEAP) : body));
        } catch (Ended e) {
            line().finish(e.status);
        } catch (BodyTooLarge e) {
            line().finish(GrpcStatus.of(
                    GrpcStatus.Code.RESOURCE_EXHAUSTED, "the message is larger than " + MOST_BYTES + " bytes"));
        } catch (InvalidInference e) {
            line().finish(GrpcStatus.of(GrpcStatus.Code.INVALID_ARGUMENT, String.valueOf(e.getMessage())));
        } finally {
            body.release();
        }
    }

    /** @throws Ended with another status than OK, @throws InvalidInference */
    void answer(byte[] message) {
        line().sendLast(Outgoing.of(method.answer(message), line().allocator()), () -> {});
    }

    private static byte[] bytes(RequestBody body) {
        byte[] bytes = new byte[body.length()];
        body.copy(0, bytes, 0, bytes.length);
        return bytes;
    }

    @Override
    void isComplete() {
        if (!answered) {
            line().finish(GrpcStatus.of(
                    GrpcStatus.Code.INTERNAL,
                    isWithinMessage() ? "the request ended within its message" : "the request has no message"));
        }
    }

    @Override
    void ended() {}
}
