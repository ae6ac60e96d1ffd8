package dev.teal.platform.rollout;

import dev.teal.platform.problem.domain.Refused;

/** The name is not in use, or no longer. */
public final class UnknownEndpoint extends Refused {
    private static final long serialVersionUID = 1;

    public UnknownEndpoint(String name) {
        super(
                Kind.UNKNOWN,
                "There is no such endpoint",
                "there is no endpoint \"" + name + "\"; PUT /api/v1/endpoints/" + name + " creates it");
    }
}
