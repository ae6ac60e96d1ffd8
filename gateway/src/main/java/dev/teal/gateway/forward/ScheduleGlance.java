package dev.teal.gateway.forward;

import dev.teal.gateway.workers.InferRequest;
import dev.teal.protocol.TealHeaders;
import dev.teal.protocol.grpc.ModelInferRequest;
import dev.teal.protocol.oip.JsonGlance;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.Schedule;
import dev.teal.protocol.packed.PackedHead;
import dev.teal.protocol.packed.PackedStream;
import java.io.ByteArrayInputStream;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.HttpHeaders;

/** What a request says of its turn, told as the worker will tell it that gets it: by the same headers, as far into the body. */
final class ScheduleGlance {
    private ScheduleGlance() {}

    /** Of what can't be read it is the default: to say what is wrong is the worker's. */
    static Schedule of(InferRequest request) {
        Map<String, String> head = request.passed();
        byte[] body = request.body();
        if (TealHeaders.MESSAGE_TYPE.equals(head.get(HttpHeaders.CONTENT_TYPE))) {
            return ModelInferRequest.glanceOf(RequestBody.of(body)).schedule();
        }
        String length = head.get(InferenceHead.INFERENCE_HEADER_LENGTH);
        int jsonBytes = length == null ? -1 : Integer.parseInt(length.trim());
        String encoding = head.getOrDefault(HttpHeaders.CONTENT_ENCODING, "identity");
        return switch (encoding.trim().toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> packed(() -> PackedStream.gzip(new ByteArrayInputStream(body)), jsonBytes);
            case "deflate" -> packed(() -> PackedStream.zlib(new ByteArrayInputStream(body)), jsonBytes);
            default -> JsonGlance.of(RequestBody.of(body), jsonBytes, false).schedule();
        };
    }

    private static Schedule packed(PackedHead.Opening body, int jsonBytes) {
        return JsonGlance.of(PackedHead.of(body), jsonBytes, true).schedule();
    }
}
