package dev.teal.platform.rollout;

import dev.teal.platform.problem.domain.Refused;

/** A rollout to what is live would change nothing; saying so beats a rollout that does nothing. */
final class VersionAlreadyActive extends Refused {
    private static final long serialVersionUID = 1;

    VersionAlreadyActive(String endpoint, String version) {
        super(
                Kind.CONFLICT,
                "That version is live already",
                "version " + version + " is the active version of endpoint \"" + endpoint
                        + "\": there is nothing to roll out");
    }
}
