package dev.teal.platform.rollout;

import dev.teal.platform.problem.domain.Refused;

/** No version stands by. */
final class NoRollbackTarget extends Refused {
    private static final long serialVersionUID = 1;

    NoRollbackTarget(String endpoint) {
        super(
                Kind.CONFLICT,
                "There is nothing to roll back to",
                "no version of endpoint \"" + endpoint
                        + "\" stands by any more; bring the version that you want up with POST /api/v1/endpoints/"
                        + endpoint + "/rollouts");
    }
}
