package dev.teal.platform.endpoint;

import dev.teal.platform.problem.domain.Refused;

/** Model and region belong to an endpoint for life. */
final class EndpointIsFixed extends Refused {
    private static final long serialVersionUID = 1;

    EndpointIsFixed(String detail) {
        super(Kind.CONFLICT, "That cannot be changed", detail);
    }
}
