package dev.teal.platform.access;

import dev.teal.platform.access.domain.Role;
import dev.teal.platform.problem.domain.Refused;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The key's role does not allow the call. */
final class NotAllowed extends Refused {
    private final List<String> wanted;

    NotAllowed(Set<Role> wanted) {
        List<String> names = wanted.stream()
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .toList();
        super(
                Kind.FORBIDDEN,
                "This key may not do that",
                "This call needs a key with the role " + String.join(" or ", names)
                        + ". An admin makes one: POST /api/v1/api-keys.");
        this.wanted = wanted.stream().map(Role::name).toList();
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of("roles", wanted);
    }
}
