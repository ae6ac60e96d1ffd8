package dev.teal.platform.problem;

import dev.teal.platform.problem.domain.Refused;

/** No problem has that name. */
final class UnknownProblem extends Refused {
    UnknownProblem(String slug) {
        super(Kind.UNKNOWN, "No problem has that name", "No problem is called '" + slug + "'.");
    }
}
