package dev.teal.worker.grpc;

import dev.teal.protocol.Refusal;
import dev.teal.worker.run.Failure;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How an RPC ends.
 *
 * @param refusal as in {@link Failure}
 */
record GrpcStatus(Code code, String message, @Nullable Refusal refusal) {
    static final GrpcStatus OK = new GrpcStatus(Code.OK, "", null);

    /** As gRPC numbers them. */
    enum Code {
        OK(0),
        INVALID_ARGUMENT(3),
        DEADLINE_EXCEEDED(4),
        NOT_FOUND(5),
        RESOURCE_EXHAUSTED(8),
        UNIMPLEMENTED(12),
        INTERNAL(13),
        UNAVAILABLE(14);

        private final String number;

        Code(int number) {
            this.number = Integer.toString(number);
        }

        String number() {
            return number;
        }
    }

    static GrpcStatus of(Code code, String message) {
        return new GrpcStatus(code, message, null);
    }

    static GrpcStatus of(Failure failure) {
        Code code = switch (failure.kind()) {
            case INVALID_ARGUMENT -> Code.INVALID_ARGUMENT;
            case NOT_FOUND -> Code.NOT_FOUND;
            case TOO_LARGE -> Code.RESOURCE_EXHAUSTED;
            case INTERNAL -> Code.INTERNAL;
            case UNIMPLEMENTED -> Code.UNIMPLEMENTED;
            case UNAVAILABLE -> Code.UNAVAILABLE;
            case DEADLINE_EXCEEDED -> Code.DEADLINE_EXCEEDED;
        };
        return new GrpcStatus(code, failure.message(), failure.refusal());
    }

    /** The message as {@code grpc-message} carries it: printable ASCII as it is, all else percent-encoded. */
    String encodedMessage() {
        StringBuilder encoded = new StringBuilder(message.length());
        for (byte octet : message.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= ' ' && octet <= '~' && octet != '%') {
                encoded.append((char) octet);
            } else {
                encoded.append('%')
                        .append(Character.toUpperCase(Character.forDigit(octet >> 4 & 0xf, 16)))
                        .append(Character.toUpperCase(Character.forDigit(octet & 0xf, 16)));
            }
        }
        return encoded.toString();
    }
}
