package dev.teal.platform.registry.domain;

import dev.teal.platform.problem.domain.Refused;

/** The graph needs operators beyond the built-in ones. */
public final class UnsupportedOperators extends Refused {
    public UnsupportedOperators(String reason) {
        super(
                Kind.INVALID,
                "The model uses operators that are not here",
                "The model uses operators that are not here: " + reason + ".");
    }
}
