package dev.teal.worker.grpc;

import dev.teal.protocol.Refusal;
import dev.teal.protocol.TealHeaders;
import dev.teal.worker.run.Failure;
import dev.teal.worker.run.Head;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What an RPC's header fields say, but for its path.
 *
 * @param gzip how those of its messages are compressed that are marked so
 * @param statusErrors whether a stream ends at the first error, instead of telling it within
 * @param deadlineNanos on {@link System#nanoTime}'s clock; meaningless without {@code hasDeadline}
 */
record GrpcHead(
        boolean gzip,
        boolean statusErrors,
        @Nullable String digest,
        @Nullable String proof,
        boolean hasDeadline,
        long deadlineNanos) {
    private static final AsciiString ENCODING = AsciiString.cached("grpc-encoding");
    private static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");
    private static final AsciiString STATUS_ERRORS = AsciiString.cached("triton_grpc_error");
    private static final AsciiString DIGEST =
            AsciiString.cached(TealHeaders.DIGEST).toLowerCase();
    private static final AsciiString DEADLINE =
            AsciiString.cached(TealHeaders.DEADLINE_MILLIS).toLowerCase();
    private static final AsciiString PROOF = AsciiString.cached("teal-proof");
    private static final int MOST_TIMEOUT_DIGITS = 8;

    /** @throws IllegalArgumentException saying which field is wrong */
    static GrpcHead of(Http2Headers fields, long nowNanos) {
        CharSequence encoding = fields.get(ENCODING);
        boolean gzip = encoding != null && AsciiString.contentEquals(encoding, "gzip");
        long nanos = Math.min(timeoutNanos(fields.get(TIMEOUT)), deadlineNanos(fields.get(DEADLINE)));
        return new GrpcHead(
                gzip,
                AsciiString.contentEqualsIgnoreCase(fields.get(STATUS_ERRORS), "true"),
                text(fields.get(DIGEST)),
                text(fields.get(PROOF)),
                nanos != Long.MAX_VALUE,
                nowNanos + nanos);
    }

    /** Whether messages can be compressed as the fields say. */
    static boolean knowsEncoding(Http2Headers fields) {
        CharSequence encoding = fields.get(ENCODING);
        return encoding == null
                || AsciiString.contentEquals(encoding, "identity")
                || AsciiString.contentEquals(encoding, "gzip");
    }

    private static @Nullable String text(@Nullable CharSequence value) {
        return value == null ? null : value.toString();
    }

    private static long timeoutNanos(@Nullable CharSequence value) {
        if (value == null) {
            return Long.MAX_VALUE;
        }
        int digits = value.length() - 1;
        if (digits < 1 || digits > MOST_TIMEOUT_DIGITS) {
            throw new IllegalArgumentException("grpc-timeout must be 1 to 8 digits and a unit");
        }
        TimeUnit unit = switch (value.charAt(digits)) {
            case 'H' -> TimeUnit.HOURS;
            case 'M' -> TimeUnit.MINUTES;
            case 'S' -> TimeUnit.SECONDS;
            case 'm' -> TimeUnit.MILLISECONDS;
            case 'u' -> TimeUnit.MICROSECONDS;
            case 'n' -> TimeUnit.NANOSECONDS;
            default -> throw new IllegalArgumentException("grpc-timeout must end in one of H, M, S, m, u and n");
        };
        return nanos(number(value.subSequence(0, digits), "grpc-timeout"), unit);
    }

    private static long deadlineNanos(@Nullable CharSequence value) {
        return value == null
                ? Long.MAX_VALUE
                : nanos(number(value, TealHeaders.DEADLINE_MILLIS), TimeUnit.MILLISECONDS);
    }

    /** Half of a long at most, so that it can be added to a clock; that is a century. */
    private static long nanos(long amount, TimeUnit unit) {
        return Math.min(unit.toNanos(amount), Long.MAX_VALUE / 2);
    }

    private static long number(CharSequence digits, String field) {
        long value = 0;
        if (digits.isEmpty() || digits.length() > 18) {
            throw new IllegalArgumentException(field + " must be a number");
        }
        for (int i = 0; i < digits.length(); i++) {
            char digit = digits.charAt(i);
            if (digit < '0' || digit > '9') {
                throw new IllegalArgumentException(field + " must be a number");
            }
            value = value * 10 + digit - '0';
        }
        return value;
    }

    /** 0 where it has passed, negative where there is none. */
    long remainingMillis(long nowNanos) {
        if (!hasDeadline) {
            return -1;
        }
        long left = deadlineNanos - nowNanos;
        return left <= 0 ? 0 : Math.min(Integer.MAX_VALUE, Math.ceilDiv(left, 1_000_000));
    }

    boolean isExpired(long nowNanos) {
        return hasDeadline && deadlineNanos - nowNanos <= 0;
    }

    /** An expiry is the deadline's where that has passed; otherwise it is that of the request's own time in the queue. */
    GrpcStatus statusOf(Failure failure, long nowNanos) {
        return failure.refusal() == Refusal.EXPIRED && isExpired(nowNanos)
                ? new GrpcStatus(GrpcStatus.Code.DEADLINE_EXCEEDED, failure.message(), failure.refusal())
                : GrpcStatus.of(failure);
    }

    Head toHead(String model, long announcedBytes, long nowNanos) {
        return new Head(model, null, digest, remainingMillis(nowNanos), 0, announcedBytes, proof);
    }
}
