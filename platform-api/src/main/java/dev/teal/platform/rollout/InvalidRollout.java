package dev.teal.platform.rollout;

import dev.teal.platform.problem.domain.Refused;

/** The rollout asked for breaks a rule. */
final class InvalidRollout extends Refused {
    private static final long serialVersionUID = 1;

    InvalidRollout(String detail) {
        super(Kind.INVALID, "The rollout cannot be so", detail);
    }
}
