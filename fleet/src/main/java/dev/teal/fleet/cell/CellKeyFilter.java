package dev.teal.fleet.cell;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/** Nothing of the fleet answers without the cell key: deny by default, on every path of the gateways' port. */
final class CellKeyFilter extends OncePerRequestFilter {

    private static final Problem KEY_REQUIRED = new Problem(
            HttpServletResponse.SC_UNAUTHORIZED,
            "cell-key-required",
            "Cell key required",
            "send the cell's key as a bearer token");

    private final CellKey key;

    CellKeyFilter(CellKey key) {
        this.key = key;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (key.authorizes(request.getHeader(HttpHeaders.AUTHORIZATION))) {
            chain.doFilter(request, response);
        } else {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
            KEY_REQUIRED.write(response);
        }
    }
}
