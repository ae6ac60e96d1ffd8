package dev.teal.worker.serve;

import dev.teal.protocol.Json;
import dev.teal.protocol.Refusal;
import dev.teal.protocol.TealHeaders;
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

    /** Nothing has begun: the request is safe to send elsewhere. @return false if it was answered before */
    static boolean refuse(Exchange exchange, Refusal refusal) {
        String message = switch (refusal) {
            case DRAINING -> "this worker takes no requests";
            case SATURATED -> "Exceeds maximum queue size";
            case WRONG_DIGEST -> "this worker runs another model version";
            case EXPIRED -> "Request timeout expired";
        };
        HttpHeaders headers = headers().set(TealHeaders.REFUSED, refusal.headerValue());
        return exchange.respond(HttpResponseStatus.SERVICE_UNAVAILABLE, error(message), headers);
    }

    static HttpHeaders headers() {
        return DefaultHttpHeadersFactory.headersFactory().newHeaders();
    }
}
