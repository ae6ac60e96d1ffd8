package dev.teal.platform.request;

import org.slf4j.MDC;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;

/**
 * Who acts on this thread, and in which request.
 *
 * @param actor {@code key:<id>}, {@code cell}, {@code anonymous}, or {@code system} where no request is being answered
 * @param requestId as in the log and in the response's {@code X-Request-Id}; {@code -} outside of requests
 */
public record RequestContext(String actor, String requestId) {
    static final String REQUEST_ID = "request_id";

    public static RequestContext current() {
        String requestId = MDC.get(REQUEST_ID);
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        if (caller != null) {
            return new RequestContext(caller.getName(), requestId == null ? "-" : requestId);
        }
        return requestId == null ? new RequestContext("system", "-") : new RequestContext("anonymous", requestId);
    }
}
