package dev.teal.platform.rollout;

import dev.teal.platform.problem.domain.Refused;

/** A request names a version that is not registered. */
final class VersionNotRegistered extends Refused {
    private static final long serialVersionUID = 1;

    VersionNotRegistered(String model, String version) {
        super(
                Kind.INVALID,
                "There is no such model version",
                "model \"" + model + "\" has no version \"" + version + "\"; register it with POST /api/v1/models/"
                        + model + "/versions");
    }
}
