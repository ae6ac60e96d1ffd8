package dev.teal.platform.rollout;

import dev.teal.platform.problem.domain.Refused;

/** The identifier names no rollout. */
final class UnknownRollout extends Refused {
    private static final long serialVersionUID = 1;

    UnknownRollout(String id) {
        super(Kind.UNKNOWN, "There is no such rollout", "there is no rollout " + id);
    }
}
