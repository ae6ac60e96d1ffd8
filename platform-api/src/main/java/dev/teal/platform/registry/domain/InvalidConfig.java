package dev.teal.platform.registry.domain;

import dev.teal.platform.problem.domain.Refused;

/** The {@code config.pbtxt} can't be read, or says what its format does not allow. */
public final class InvalidConfig extends Refused {
    /** @param reason the place and what is wrong there */
    public InvalidConfig(String reason) {
        super(Kind.INVALID, "The configuration can not be read", "config.pbtxt, " + reason + ".");
    }
}
