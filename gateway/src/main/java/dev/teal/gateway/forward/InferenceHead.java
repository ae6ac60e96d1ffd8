package dev.teal.gateway.forward;

import dev.teal.gateway.admission.Body;
import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.route.domain.Endpoint;
import dev.teal.protocol.Color;
import dev.teal.protocol.TealHeaders;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** What an inference request's headers say, looked at before its body is asked for. */
final class InferenceHead {
    static final String INFERENCE_HEADER_LENGTH = "Inference-Header-Content-Length";
    /** What a worker takes, as the answer to anything else tells. */
    static final String ENCODINGS = "gzip, deflate";

    private static final Set<String> READABLE = Set.of("gzip", "x-gzip", "deflate", "identity");
    private static final List<String> PASSED = List.of(
            HttpHeaders.CONTENT_TYPE,
            HttpHeaders.CONTENT_ENCODING,
            HttpHeaders.ACCEPT,
            HttpHeaders.ACCEPT_ENCODING,
            INFERENCE_HEADER_LENGTH);
    private static final String CONTINUE = "100-continue";

    private final HttpHeaders head;

    InferenceHead(HttpHeaders head) {
        this.head = head;
    }

    private @Nullable String all(String name) {
        List<String> values = head.getOrDefault(name, List.of());
        return values.isEmpty() ? null : String.join(", ", values);
    }

    /** The encoding that no worker can read, or null. */
    @Nullable
    String unreadableEncoding() {
        String encoding = all(HttpHeaders.CONTENT_ENCODING);
        return encoding == null
                        || encoding.isBlank()
                        || READABLE.contains(encoding.trim().toLowerCase(Locale.ROOT))
                ? null
                : encoding;
    }

    private boolean compressed() {
        String encoding = all(HttpHeaders.CONTENT_ENCODING);
        return encoding != null && !encoding.isBlank() && !encoding.trim().equalsIgnoreCase("identity");
    }

    /** Why the request is refused before its body is read, or null. */
    Answer.@Nullable Failure refusal(Endpoint endpoint) {
        String color = head.getFirst(TealHeaders.COLOR);
        if (color != null && Color.of(color).isEmpty()) {
            return Answer.Failure.badRequest(TealHeaders.COLOR + " must be blue or green");
        }
        String deadline = head.getFirst(TealHeaders.DEADLINE_MILLIS);
        if (deadline != null && !positive(deadline)) {
            return Answer.Failure.badRequest(
                    TealHeaders.DEADLINE_MILLIS + " must be a whole number of milliseconds, 1 or more");
        }
        String expectation = all(HttpHeaders.EXPECT);
        if (expectation != null && !expectation.equalsIgnoreCase(CONTINUE)) {
            return Answer.Failure.expectation(expectation);
        }
        if (isHopeless(endpoint.limits().bodyLimitBytes())) {
            return Answer.Failure.tooLarge(endpoint.limits().bodyLimitBytes());
        }
        long announced = head.getContentLength();
        return misfit(announced < 0 ? Long.MAX_VALUE : announced);
    }

    /** Too large to be read to its end, or not sent yet. What is sent already is read first, see {@link Body#LINGER_BYTES}. */
    private boolean isHopeless(long limitBytes) {
        long announced = head.getContentLength();
        return announced > limitBytes
                && (announced > limitBytes + Body.LINGER_BYTES || head.getFirst(HttpHeaders.EXPECT) != null);
    }

    private static boolean positive(String text) {
        try {
            return Long.parseLong(text.trim()) > 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** Why the JSON's length can't be that of a body of so many bytes, or null. What it is within a compressed body only the worker sees. */
    Answer.@Nullable Failure misfit(long bodyBytes) {
        String said = all(INFERENCE_HEADER_LENGTH);
        if (said == null) {
            return null;
        }
        int length;
        try {
            length = Integer.parseInt(said.trim());
        } catch (NumberFormatException e) {
            return Answer.Failure.badRequest("Unable to parse " + INFERENCE_HEADER_LENGTH + ", got: " + said);
        }
        long most = compressed() ? Integer.MAX_VALUE : Math.min(bodyBytes, Integer.MAX_VALUE);
        return length < 0 || length > most
                ? Answer.Failure.badRequest("inference header size should be in range (0, " + most + "), got: " + said)
                : null;
    }

    /** Whether a body may be empty: a raw one may, of a tensor without elements. */
    boolean mayBeEmpty() {
        return "0".equals(all(INFERENCE_HEADER_LENGTH));
    }

    boolean plainJson() {
        return all(INFERENCE_HEADER_LENGTH) == null && !compressed();
    }

    @Nullable
    Color color() {
        String asked = head.getFirst(TealHeaders.COLOR);
        return asked == null ? null : Color.of(asked).orElse(null);
    }

    /** The caller may ask for less time than the endpoint gives, never for more. */
    long deadlineMillis(Endpoint endpoint) {
        long given = endpoint.limits().requestDeadlineMillis();
        String asked = head.getFirst(TealHeaders.DEADLINE_MILLIS);
        return asked == null ? given : Math.min(given, Long.parseLong(asked.trim()));
    }

    /** How the gateway tells a worker that a body is a gRPC message: no caller by REST says so, whose bodies are told by their header's length alone. */
    private static boolean isMessage(String type) {
        return type.toLowerCase(Locale.ROOT).contains(TealHeaders.MESSAGE_TYPE);
    }

    Map<String, String> passed() {
        Map<String, String> passed = new HashMap<>();
        for (String name : PASSED) {
            String value = all(name);
            if (value != null && !value.isBlank() && !(name.equals(HttpHeaders.CONTENT_TYPE) && isMessage(value))) {
                passed.put(name, value);
            }
        }
        return passed;
    }
}
