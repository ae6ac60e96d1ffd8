package dev.teal.platform.registry.domain;

import dev.teal.platform.problem.domain.Refused;

/** A golden sample can not be read, or is not of this model. */
public final class InvalidSamples extends Refused {
    public InvalidSamples(String reason) {
        super(Kind.INVALID, "The golden samples do not fit", "The golden samples can't be used: " + reason + ".");
    }
}
