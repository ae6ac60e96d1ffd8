package dev.teal.platform.registry.domain;

import dev.teal.platform.problem.domain.Refused;

/** A model has that name already. */
public final class ModelExists extends Refused {
    public ModelExists(String model) {
        super(
                Kind.CONFLICT,
                "A model has that name already",
                "A model is called '" + model + "' already: GET /api/v1/models/" + model + ".");
    }
}
