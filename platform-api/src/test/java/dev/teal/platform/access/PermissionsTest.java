package dev.teal.platform.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.platform.PlatformServer;
import dev.teal.platform.access.domain.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

class PermissionsTest {
    @Test
    void givenARouteWithoutALineInTheTableThisFails() {
        var mapping = PlatformServer.shared().bean(RequestMappingHandlerMapping.class);
        List<String> unlisted = new ArrayList<>();
        int guarded = 0;
        for (RequestMappingInfo route : mapping.getHandlerMethods().keySet()) {
            for (String path : route.getPatternValues()) {
                if (!path.startsWith("/api/") && !path.startsWith("/cell/")) {
                    continue;
                }
                guarded++;
                assertThat(route.getMethodsCondition().getMethods())
                        .as("methods of " + path)
                        .isNotEmpty();
                for (RequestMethod method : route.getMethodsCondition().getMethods()) {
                    if (Permissions.of(method.name(), path.replaceAll("[{}*]", ""))
                            .isEmpty()) {
                        unlisted.add(method + " " + path);
                    }
                }
            }
        }

        assertThat(guarded).isGreaterThanOrEqualTo(10);
        assertThat(unlisted).as("routes that no role may call").isEmpty();
    }

    @Test
    void givenPathsOutsideOfTheApiOnlyDocumentationAndProblemsAreThere() {
        var mapping = PlatformServer.shared().bean(RequestMappingHandlerMapping.class);
        List<String> open = mapping.getHandlerMethods().keySet().stream()
                .flatMap(route -> route.getPatternValues().stream())
                .filter(path -> !path.startsWith("/api/") && !path.startsWith("/cell/"))
                .filter(path -> !path.startsWith("/v3/api-docs") && !path.startsWith("/swagger-ui"))
                .toList();

        assertThat(open).containsExactlyInAnyOrder("/", "/error", "/problems/{slug}");
    }

    /** The rights as they were asked for, in rows of their own: a change of the table must be meant. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /api/v1/models                    | VIEWER DEPLOYER OPERATOR ADMIN
            GET    | /api/v1/models/m/versions/1       | VIEWER DEPLOYER OPERATOR ADMIN
            HEAD   | /api/v1/models/m/versions/1       | VIEWER DEPLOYER OPERATOR ADMIN
            GET    | /api/v1/audit-events              | VIEWER DEPLOYER OPERATOR ADMIN
            GET    | /api/v1/api-keys                  | ADMIN
            GET    | /api/v1/api-keys/k                | ADMIN
            POST   | /api/v1/api-keys                  | ADMIN
            DELETE | /api/v1/api-keys/k                | ADMIN
            POST   | /api/v1/models                    | DEPLOYER ADMIN
            POST   | /api/v1/models/m/versions         | DEPLOYER ADMIN
            PUT    | /api/v1/endpoints/e               | DEPLOYER ADMIN
            DELETE | /api/v1/endpoints/e               | ADMIN
            POST   | /api/v1/endpoints/e/rollouts      | DEPLOYER ADMIN
            POST   | /api/v1/endpoints/e/rollback      | DEPLOYER OPERATOR ADMIN
            POST   | /api/v1/rollouts/r/promote        | DEPLOYER OPERATOR ADMIN
            POST   | /api/v1/rollouts/r/abort          | DEPLOYER OPERATOR ADMIN
            GET    | /cell/v1/local/state              | CELL
            POST   | /cell/v1/local/members/g          | CELL
            PATCH  | /api/v1/models                    |
            POST   | /api/v1/models/m                  |
            OPTIONS| /api/v1/models                    |
            PUT    | /cell/v1/local/state              |
            GET    | /api/v2/models                    |
            GET    | /actuator/health                  |
            """)
    void givenACallTheTableNamesItsRoles(String method, String path, String roles) {
        String allowed = Permissions.of(method, path).stream()
                .flatMap(permission -> permission.roles().stream())
                .map(Role::name)
                .collect(java.util.stream.Collectors.joining(" "));

        assertThat(allowed).isEqualTo(roles == null ? "" : roles);
    }
}
