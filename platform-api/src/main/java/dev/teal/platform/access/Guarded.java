package dev.teal.platform.access;

import jakarta.servlet.http.HttpServletRequest;

/** The paths that need a key; beside them are only the documentation and what explains problems. */
final class Guarded {
    private Guarded() {}

    static boolean covers(HttpServletRequest request) {
        return request.getRequestURI().startsWith("/api/") || isCell(request);
    }

    static boolean isCell(HttpServletRequest request) {
        return request.getRequestURI().startsWith("/cell/");
    }
}
