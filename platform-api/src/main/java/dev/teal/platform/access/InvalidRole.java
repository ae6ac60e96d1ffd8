package dev.teal.platform.access;

import dev.teal.platform.problem.domain.Refused;
import java.util.Map;

/** A role that keys in the database can't have. */
final class InvalidRole extends Refused {
    InvalidRole() {
        super(
                Kind.INVALID,
                "Keys can't have that role",
                "'role' must be one of VIEWER, DEPLOYER, OPERATOR, ADMIN, INFERENCE: cells use the cell key of their machine.");
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of("field", "role");
    }
}
