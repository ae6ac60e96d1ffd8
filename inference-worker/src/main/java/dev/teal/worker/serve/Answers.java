package dev.teal.worker.serve;

import dev.teal.protocol.Json;
import dev.teal.protocol.TealHeaders;
import dev.teal.worker.run.Failure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;

/** Responses that several routes give. */
public final class Answers {
    private Answers() {}

    /** The protocol's form of an error. */
    public static ByteBuf error(String message) {
        return json(Map.of("error", message));
    }

    public static ByteBuf json(Object value) {
        return Unpooled.wrappedBuffer(Json.MAPPER.writeValueAsBytes(value));
    }

    public static void ok(Exchange exchange, Object value) {
        exchange.respond(HttpResponseStatus.OK, json(value), null);
    }

    public static void error(Exchange exchange, HttpResponseStatus status, String message) {
        exchange.respond(status, error(message), null);
    }

    public static void notFound(Exchange exchange) {
        error(exchange, HttpResponseStatus.NOT_FOUND, "there is nothing at " + exchange.path());
    }

    /** @return whether the method was right; otherwise it is answered */
    public static boolean requireMethod(Exchange exchange, HttpMethod allowed) {
        if (exchange.method().equals(allowed)) {
            return true;
        }
        HttpHeaders headers = headers().set(HttpHeaderNames.ALLOW, allowed.name());
        exchange.respond(HttpResponseStatus.METHOD_NOT_ALLOWED, error("Method Not Allowed"), headers);
        return false;
    }

    /** @return false if it was answered before */
    static boolean fail(Exchange exchange, Failure failure, HttpHeaders marks) {
        HttpHeaders headers = headers().setAll(marks);
        if (failure.kind() == Failure.Kind.UNAVAILABLE) {
            headers.set(HttpHeaderNames.RETRY_AFTER, "1");
            if (failure.refusal() != null) {
                headers.set(TealHeaders.REFUSED, failure.refusal().headerValue());
            }
        }
        return exchange.respond(HttpResponseStatus.valueOf(failure.kind().status()), error(failure.message()), headers);
    }

    static HttpHeaders headers() {
        return DefaultHttpHeadersFactory.headersFactory().newHeaders();
    }
}
