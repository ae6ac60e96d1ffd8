package dev.teal.platform.access;

import dev.teal.platform.access.domain.ApiKey;
import dev.teal.platform.access.domain.KeyText;
import dev.teal.platform.access.domain.Role;
import dev.teal.platform.problem.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Reads {@code Authorization: Bearer teal_…}. A call without it goes on as nobody's, and the permissions refuse it. */
final class KeyFilter extends OncePerRequestFilter {
    private static final String SCHEME = "Bearer ";

    private final ApiKeys keys;
    private final CellKey cellKey;
    private final LastUse lastUse;
    private final Denials denials;
    private final ProblemWriter problems;

    KeyFilter(ApiKeys keys, CellKey cellKey, LastUse lastUse, Denials denials, ProblemWriter problems) {
        this.keys = keys;
        this.cellKey = cellKey;
        this.lastUse = lastUse;
        this.denials = denials;
        this.problems = problems;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getHeader(HttpHeaders.AUTHORIZATION) == null || !Guarded.covers(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            authenticate(request);
        } catch (KeyRefused refused) {
            denials.record(request, refused);
            problems.write(refused, request, response);
            return;
        }
        chain.doFilter(request, response);
    }

    private void authenticate(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw KeyRefused.malformed();
        }
        KeyText text = KeyText.parse(header.substring(SCHEME.length()).strip()).orElseThrow(KeyRefused::malformed);
        if (Guarded.isCell(request)) {
            if (!cellKey.matches(text)) {
                throw KeyRefused.wrong();
            }
            become("cell", Role.CELL);
        } else {
            ApiKey key = keys.authenticate(text);
            lastUse.of(key.id());
            become("key:" + key.id(), key.role());
        }
    }

    private static void become(String actor, Role role) {
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(UsernamePasswordAuthenticationToken.authenticated(
                actor, null, List.of(new SimpleGrantedAuthority(role.name()))));
        SecurityContextHolder.setContext(context);
    }
}
