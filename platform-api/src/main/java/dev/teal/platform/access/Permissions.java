package dev.teal.platform.access;

import static dev.teal.platform.access.domain.Role.ADMIN;
import static dev.teal.platform.access.domain.Role.CELL;
import static dev.teal.platform.access.domain.Role.DEPLOYER;
import static dev.teal.platform.access.domain.Role.OPERATOR;
import static dev.teal.platform.access.domain.Role.VIEWER;

import dev.teal.platform.access.domain.Role;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Who may call what: the whole of it. A call that is not here is allowed to nobody; the first line that fits a call decides. */
final class Permissions {
    static final List<Permission> ALL = List.of(
            permission("GET", "/api/v1/api-keys", ADMIN),
            permission("GET", "/api/v1/api-keys/{id}", ADMIN),
            permission("POST", "/api/v1/api-keys", ADMIN),
            permission("DELETE", "/api/v1/api-keys/{id}", ADMIN),
            permission("GET", "/api/v1/**", VIEWER, DEPLOYER, OPERATOR, ADMIN),
            permission("POST", "/api/v1/models", DEPLOYER, ADMIN),
            permission("POST", "/api/v1/models/{model}/versions", DEPLOYER, ADMIN),
            permission("PUT", "/api/v1/endpoints/{endpoint}", DEPLOYER, ADMIN),
            permission("DELETE", "/api/v1/endpoints/{endpoint}", ADMIN),
            permission("POST", "/api/v1/endpoints/{endpoint}/rollouts", DEPLOYER, ADMIN),
            permission("POST", "/api/v1/endpoints/{endpoint}/rollback", DEPLOYER, OPERATOR, ADMIN),
            permission("DELETE", "/api/v1/endpoints/{endpoint}/standby", OPERATOR, ADMIN),
            permission("POST", "/api/v1/rollouts/{id}/promote", DEPLOYER, OPERATOR, ADMIN),
            permission("POST", "/api/v1/rollouts/{id}/abort", DEPLOYER, OPERATOR, ADMIN),
            permission("GET", "/cell/v1/**", CELL),
            permission("POST", "/cell/v1/**", CELL));

    private Permissions() {}

    /** One line of the table. */
    record Permission(String method, PathPattern path, Set<Role> roles) {
        boolean fits(String otherMethod, PathContainer otherPath) {
            return method.equals(otherMethod) && path.matches(otherPath);
        }
    }

    private static Permission permission(String method, String path, Role first, Role... more) {
        return new Permission(
                method,
                PathPatternParser.defaultInstance.parse(path),
                Collections.unmodifiableSet(EnumSet.of(first, more)));
    }

    /** @param path as sent, without the query */
    static Optional<Permission> of(String method, String path) {
        PathContainer parsed = PathContainer.parsePath(path);
        // Whoever may read may ask whether there is something to read
        String judged = method.equals("HEAD") ? "GET" : method;
        return ALL.stream()
                .filter(permission -> permission.fits(judged, parsed))
                .findFirst();
    }

    /** The methods that {@code path} has, for the answer to one that it has not. Wildcards don't count: they stand for paths that may not be. */
    static List<String> methodsOf(String path) {
        PathContainer parsed = PathContainer.parsePath(path);
        return ALL.stream()
                .filter(permission -> !permission.path().getPatternString().endsWith("**"))
                .filter(permission -> permission.path().matches(parsed))
                .map(Permission::method)
                .distinct()
                .toList();
    }
}
