package dev.teal.platform.request;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Takes a body into memory, up to a limit that is checked while reading. After security, so that strangers use no memory; uploads stream past. */
@Component
@Order(0)
class BodyFilter extends OncePerRequestFilter {
    static final int LIMIT_BYTES = 1 << 20;
    /** A fleet with many workers reports more than a person types. */
    static final int CELL_LIMIT_BYTES = 8 << 20;

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        int limit = request.getRequestURI().startsWith("/cell/") ? CELL_LIMIT_BYTES : LIMIT_BYTES;
        if (request.getContentLengthLong() > limit) {
            throw new BodyTooLarge(limit);
        }
        byte[] body = request.getInputStream().readNBytes(limit + 1);
        if (body.length > limit) {
            throw new BodyTooLarge(limit);
        }
        chain.doFilter(new RequestBody(request, body), response);
    }
}
