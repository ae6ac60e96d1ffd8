package dev.teal.fleet.cell;

import dev.teal.protocol.Json;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/** Nothing of the fleet answers without the cell key: deny by default, on every path of the gateways' port. */
final class CellKeyFilter extends OncePerRequestFilter {

    private final CellKey key;

    CellKeyFilter(CellKey key) {
        this.key = key;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (key.authorizes(request.getHeader(HttpHeaders.AUTHORIZATION))) {
            chain.doFilter(request, response);
            return;
        }
        response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        response.setContentType("application/problem+json");
        response.getOutputStream()
                .write(Json.MAPPER.writeValueAsBytes(Map.of(
                        "type", "/problems/cell-key-required",
                        "title", "Cell key required",
                        "status", HttpServletResponse.SC_UNAUTHORIZED,
                        "detail", "send the cell's key as a bearer token")));
    }
}
