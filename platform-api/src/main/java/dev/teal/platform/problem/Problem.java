package dev.teal.platform.problem;

import dev.teal.platform.problem.domain.Refused;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import org.springframework.http.HttpHeaders;

/**
 * A problem document before it is written.
 *
 * @param slug last part of its type, {@code /problems/<slug>}
 * @param properties further members, in this order
 */
record Problem(
        int status,
        String slug,
        String title,
        String detail,
        SequencedMap<String, Object> properties,
        HttpHeaders headers) {

    static Problem of(int status, String slug, String title, String detail) {
        return new Problem(status, slug, title, detail, new LinkedHashMap<>(), new HttpHeaders());
    }

    static Problem of(Refused refused) {
        Problem problem = of(status(refused.kind()), refused.slug(), refused.title(), refused.detail());
        refused.properties().forEach(problem::with);
        refused.retryAfter()
                .ifPresent(wait -> problem.header(
                        HttpHeaders.RETRY_AFTER,
                        Long.toString(Math.max(1, wait.plusMillis(999).toSeconds()))));
        if (refused.kind() == Refused.Kind.UNAUTHENTICATED) {
            problem.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"teal\"");
        }
        return problem;
    }

    Problem with(String name, Object value) {
        properties.put(name, value);
        return this;
    }

    Problem header(String name, String value) {
        headers.set(name, value);
        return this;
    }

    /** The document's members, those of RFC 9457 first. */
    SequencedMap<String, Object> document(String requestId) {
        SequencedMap<String, Object> document = new LinkedHashMap<>();
        document.put("type", "/problems/" + slug);
        document.put("title", title);
        document.put("status", status);
        document.put("detail", detail);
        document.put("code", slug.replace('-', '_').toUpperCase(Locale.ROOT));
        properties.forEach(document::put);
        document.put("requestId", requestId);
        return document;
    }

    private static int status(Refused.Kind kind) {
        return switch (kind) {
            case MALFORMED -> 400;
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> 403;
            case UNKNOWN -> 404;
            case CONFLICT -> 409;
            case STALE -> 412;
            case TOO_LARGE -> 413;
            case INVALID -> 422;
            case UNCONDITIONAL -> 428;
            case TOO_MANY -> 429;
            case UNAVAILABLE -> 503;
            case NO_ROOM -> 507;
        };
    }
}
