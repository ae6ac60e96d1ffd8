package dev.teal.platform.registry.domain;

import dev.teal.platform.problem.domain.Refused;

/** The model has no such version. */
public final class UnknownModelVersion extends Refused {
    public UnknownModelVersion(String model, String version) {
        super(
                Kind.UNKNOWN,
                "The model has no such version",
                "Model '" + model + "' has no version '" + version + "'. GET /api/v1/models/" + model
                        + "/versions lists those it has.");
    }
}
