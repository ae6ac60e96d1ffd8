package dev.teal.worker.serve;

import dev.teal.protocol.Refusal;
import dev.teal.protocol.TealHeaders;
import dev.teal.worker.run.Admission;
import dev.teal.worker.run.BodyTooLarge;
import dev.teal.worker.run.Desk;
import dev.teal.worker.run.Failure;
import dev.teal.worker.run.Failure.Kind;
import dev.teal.worker.run.Head;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** {@code POST …/infer}: a request is let in by its head, before its body is read. */
public final class InferenceRoutes {
    /** On the worker's own requests to itself, before it is ready: a secret of this process. */
    public static final String PROOF = "Teal-Proof";

    private static final HttpHeaders NONE = Answers.headers();

    private final Desk desk;

    InferenceRoutes(Desk desk) {
        this.desk = desk;
    }

    void infer(Exchange exchange, String name, @Nullable String version) {
        if (!Answers.requireMethod(exchange, HttpMethod.POST)) {
            return;
        }
        String said = exchange.header(HttpHeaderNames.CONTENT_ENCODING);
        Compression packed = said == null ? null : Compression.of(said);
        Optional<Long> deadlineMillis = millis(exchange, TealHeaders.DEADLINE_MILLIS);
        Optional<Long> waitedMillis = millis(exchange, TealHeaders.WAITED_MILLIS);
        OptionalInt jsonBytes = jsonBytes(exchange);
        if (said != null && packed == null && !said.equalsIgnoreCase("identity")) {
            HttpHeaders known = Answers.headers().set(HttpHeaderNames.ACCEPT_ENCODING, Compression.KNOWN);
            Answers.fail(
                    exchange,
                    Failure.of(
                            Kind.UNIMPLEMENTED,
                            "Content-Encoding '" + said + "' is not supported; send " + Compression.KNOWN
                                    + " or the body as it is"),
                    known);
        } else if (deadlineMillis.isEmpty()) {
            invalid(exchange, TealHeaders.DEADLINE_MILLIS + " must be a number of milliseconds");
        } else if (waitedMillis.isEmpty()) {
            invalid(exchange, TealHeaders.WAITED_MILLIS + " must be a number of milliseconds");
        } else if (jsonBytes.isEmpty()) {
            invalid(exchange, JsonEncoding.JSON_BYTES + " must be a number of bytes from 0 to " + Integer.MAX_VALUE);
        } else {
            Head head = new Head(
                    name,
                    version,
                    exchange.header(TealHeaders.DIGEST),
                    deadlineMillis.get(),
                    Math.max(0, waitedMillis.get()),
                    exchange.announcedBytes(),
                    exchange.header(PROOF));
            admit(exchange, head, packed, jsonBytes.getAsInt());
        }
    }

    private static void invalid(Exchange exchange, String message) {
        Answers.fail(exchange, Failure.of(Kind.INVALID_ARGUMENT, message), NONE);
    }

    private void admit(Exchange exchange, Head head, @Nullable Compression packed, int jsonBytes) {
        switch (desk.admit(head)) {
            case Admission.Refused(var failure) -> Answers.fail(exchange, failure, NONE);
            case Admission.Admitted place -> {
                Admission.Target target = place.target();
                Encoding encoding = TealHeaders.MESSAGE_TYPE.equals(exchange.header(HttpHeaderNames.CONTENT_TYPE))
                        ? new ProtobufEncoding()
                        : new JsonEncoding(target.signature(), target.batched(), jsonBytes);
                exchange.take(target.bodyLimitBytes(), new Intake(exchange, target, place, encoding, packed));
                if (head.deadlineMillis() >= 0) {
                    exchange.within(
                            head.deadlineMillis(),
                            () -> Answers.fail(exchange, Failure.refused(Refusal.EXPIRED), NONE));
                }
            }
        }
    }

    /** A body that is coming, for a place in line. */
    private record Intake(
            Exchange exchange,
            Admission.Target target,
            Admission.Admitted place,
            Encoding encoding,
            @Nullable Compression packed)
            implements Body.Taker {
        @Override
        public boolean grows(long bytes) {
            if (place.grows(bytes)) {
                return true;
            }
            Answers.fail(exchange, Failure.refused(Refusal.SATURATED), NONE);
            return false;
        }

        @Override
        public void whole(ByteBuf body) {
            HttpHeaders marks = Answers.headers().set(TealHeaders.DIGEST, target.digest());
            place.begin(new HttpCall(exchange, body, encoding, packed, target.bodyLimitBytes(), marks));
        }

        @Override
        public void tooLarge() {
            place.abandon();
            Answers.fail(exchange, BodyTooLarge.failure(target.bodyLimitBytes()), NONE);
        }

        @Override
        public void lost() {
            place.abandon();
        }
    }

    /** -1 without the header; empty if what is there is no length. */
    private static OptionalInt jsonBytes(Exchange exchange) {
        String text = exchange.header(JsonEncoding.JSON_BYTES);
        if (text == null) {
            return OptionalInt.of(-1);
        }
        try {
            int bytes = Integer.parseInt(text.strip());
            return bytes < 0 ? OptionalInt.empty() : OptionalInt.of(bytes);
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    /** Negative for none; empty if what is there is no number. */
    private static Optional<Long> millis(Exchange exchange, String header) {
        String text = exchange.header(header);
        if (text == null) {
            return Optional.of(-1L);
        }
        try {
            return Optional.of(Math.clamp(Long.parseLong(text.strip()), 0L, (long) Integer.MAX_VALUE));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    static Failure nothingServed() {
        return Failure.refused(Refusal.DRAINING);
    }

    static HttpResponseStatus status(boolean well) {
        return well ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE;
    }
}
