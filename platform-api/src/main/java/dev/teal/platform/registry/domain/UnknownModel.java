package dev.teal.platform.registry.domain;

import dev.teal.platform.problem.domain.Refused;

/** No model has that name. */
public final class UnknownModel extends Refused {
    public UnknownModel(String model) {
        super(
                Kind.UNKNOWN,
                "No model has that name",
                "No model is called '" + model + "'. GET /api/v1/models lists them; POST /api/v1/models makes one.");
    }
}
