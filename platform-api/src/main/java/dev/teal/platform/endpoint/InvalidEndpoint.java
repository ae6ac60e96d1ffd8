package dev.teal.platform.endpoint;

import dev.teal.platform.problem.domain.Refused;

/** A name, region or reference breaks a rule. */
final class InvalidEndpoint extends Refused {
    private static final long serialVersionUID = 1;

    InvalidEndpoint(String detail) {
        super(Kind.INVALID, "The endpoint cannot be so", detail);
    }
}
