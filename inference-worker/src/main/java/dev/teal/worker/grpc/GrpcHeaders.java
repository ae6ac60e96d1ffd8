package dev.teal.worker.grpc;

import dev.teal.protocol.TealHeaders;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.ReadOnlyHttp2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** Header fields of answers. */
final class GrpcHeaders {
    private static final AsciiString OK = AsciiString.cached("200");
    private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");
    private static final AsciiString GRPC = AsciiString.cached("application/grpc");
    private static final AsciiString ACCEPT_ENCODING = AsciiString.cached("grpc-accept-encoding");
    private static final AsciiString ENCODINGS = AsciiString.cached("identity,gzip");
    private static final AsciiString STATUS = AsciiString.cached("grpc-status");
    private static final AsciiString MESSAGE = AsciiString.cached("grpc-message");
    private static final AsciiString DIGEST =
            AsciiString.cached(TealHeaders.DIGEST).toLowerCase();
    private static final AsciiString REFUSED =
            AsciiString.cached(TealHeaders.REFUSED).toLowerCase();
    private static final Http2Headers SUCCESS =
            ReadOnlyHttp2Headers.trailers(false, STATUS, AsciiString.cached(GrpcStatus.Code.OK.number()));

    static final Http2Headers UNSUPPORTED = ReadOnlyHttp2Headers.serverHeaders(false, AsciiString.cached("415"));

    private GrpcHeaders() {}

    static Http2Headers head(@Nullable String digest) {
        return digest == null
                ? ReadOnlyHttp2Headers.serverHeaders(false, OK, CONTENT_TYPE, GRPC, ACCEPT_ENCODING, ENCODINGS)
                : ReadOnlyHttp2Headers.serverHeaders(
                        false, OK, CONTENT_TYPE, GRPC, ACCEPT_ENCODING, ENCODINGS, DIGEST, AsciiString.of(digest));
    }

    static Http2Headers trailers(GrpcStatus status) {
        return status == GrpcStatus.OK ? SUCCESS : add(new DefaultHttp2Headers(false), status);
    }

    /** Where nothing was sent before. */
    static Http2Headers headAndTrailers(@Nullable String digest, GrpcStatus status) {
        Http2Headers fields = new DefaultHttp2Headers(false);
        fields.status(OK).add(CONTENT_TYPE, GRPC).add(ACCEPT_ENCODING, ENCODINGS);
        if (digest != null) {
            fields.add(DIGEST, digest);
        }
        return add(fields, status);
    }

    private static Http2Headers add(Http2Headers fields, GrpcStatus status) {
        fields.add(STATUS, status.code().number());
        if (!status.message().isEmpty()) {
            fields.add(MESSAGE, status.encodedMessage());
        }
        if (status.refusal() != null) {
            fields.add(REFUSED, status.refusal().headerValue());
        }
        return fields;
    }
}
