package dev.teal.platform.registry.domain;

import dev.teal.platform.problem.domain.Refused;

/** An input or output has a type or shape that the Open Inference Protocol has no form for. */
public final class UnsupportedTensor extends Refused {
    /** @param reason the tensor's name in quotes, and what is wrong with it */
    public UnsupportedTensor(String reason) {
        super(Kind.INVALID, "A tensor of the model can not be served", "The model's tensor " + reason + ".");
    }
}
