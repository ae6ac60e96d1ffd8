package dev.teal.platform.access;

import dev.teal.platform.access.Permissions.Permission;
import dev.teal.platform.access.domain.Role;
import dev.teal.platform.problem.ProblemWriter;
import dev.teal.platform.problem.domain.Refused;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/** Deny by default: what {@link Permissions} does not name is nobody's. No session, no cookie, no form. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
    private static final String[] DOCUMENTATION = {
        "/", "/v3/api-docs", "/v3/api-docs/**", "/v3/api-docs.yaml", "/swagger-ui.html", "/swagger-ui/**"
    };
    /** Swagger UI sets styles from its script and has its pictures as data; all else comes from here. */
    private static final String CONTENT_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
                    + "font-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

    /** The management port listens on loopback and shows health and metrics, to whoever watches this machine. */
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    SecurityFilterChain management(HttpSecurity http) {
        return http.securityMatcher(EndpointRequest.toAnyEndpoint())
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(requests -> requests.requestMatchers(EndpointRequest.to("health", "prometheus"))
                        .permitAll()
                        .anyRequest()
                        .denyAll())
                .build();
    }

    @Bean
    SecurityFilterChain chain(
            HttpSecurity http,
            ApiKeys keys,
            CellKey cellKey,
            LastUse lastUse,
            Denials denials,
            ProblemWriter problems,
            ServerProperties server) {
        boolean documented = isLoopback(server);
        return http.csrf(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_POLICY))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER)))
                .addFilterBefore(new KeyFilter(keys, cellKey, lastUse, denials, problems), AuthorizationFilter.class)
                .authorizeHttpRequests(requests -> requests
                        // The second half of an answer whose first half was allowed
                        .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers("/problems/*")
                        .permitAll()
                        .requestMatchers(DOCUMENTATION)
                        .access((_, _) -> new AuthorizationDecision(documented))
                        .anyRequest()
                        .access((caller, call) ->
                                new AuthorizationDecision(isAllowed(caller.get(), call.getRequest()))))
                .exceptionHandling(handling -> handling.authenticationEntryPoint(
                                (request, response, _) -> refuse(request, response, denials, problems, false))
                        .accessDeniedHandler(
                                (request, response, _) -> refuse(request, response, denials, problems, true)))
                .build();
    }

    private static boolean isAllowed(Authentication caller, HttpServletRequest request) {
        Optional<Permission> permission = Permissions.of(request.getMethod(), request.getRequestURI());
        return permission.isPresent()
                && caller.getAuthorities().stream()
                        .anyMatch(authority -> permission.get().roles().stream()
                                .map(Role::name)
                                .anyMatch(role -> role.equals(authority.getAuthority())));
    }

    private static void refuse(
            HttpServletRequest request,
            HttpServletResponse response,
            Denials denials,
            ProblemWriter problems,
            boolean isAuthenticated)
            throws IOException {
        Optional<Permission> permission = Permissions.of(request.getMethod(), request.getRequestURI());
        if (!Guarded.covers(request) || (isAuthenticated && permission.isEmpty())) {
            problems.writeUnknown(request.getMethod(), Permissions.methodsOf(request.getRequestURI()), response);
            return;
        }
        Refused refused = isAuthenticated
                ? new NotAllowed(permission.map(Permission::roles).orElse(Set.of()))
                : KeyRefused.missing();
        denials.record(request, refused);
        problems.write(refused, request, response);
    }

    @Bean
    HttpFirewall firewall(ServerProperties server, AccessProperties properties) {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        // No name holds NUL, and PostgreSQL can't even be asked about one
        firewall.setAllowedParameterValues(value -> value.indexOf(0) < 0);
        if (isLoopback(server)) {
            // A page of another site whose name was turned to 127.0.0.1 must not reach this API from a browser
            Set<String> hosts = new HashSet<>(List.of("localhost", "127.0.0.1", "::1", "[::1]"));
            hosts.addAll(properties.allowedHosts());
            firewall.setAllowedHostnames(hosts::contains);
        }
        return firewall;
    }

    @Bean
    RequestRejectedHandler rejections(ProblemWriter problems) {
        return (request, response, rejection) -> problems.write(rejection, request, response);
    }

    /** There are no users with passwords; without this, Spring Boot would make one and log the password. */
    @Bean
    UserDetailsService nobody() {
        return name -> {
            throw new UsernameNotFoundException(name);
        };
    }

    private static boolean isLoopback(ServerProperties server) {
        InetAddress address = server.getAddress();
        return address != null && address.isLoopbackAddress();
    }
}
