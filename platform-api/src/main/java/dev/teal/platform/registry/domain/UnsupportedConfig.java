package dev.teal.platform.registry.domain;

import dev.teal.platform.problem.domain.Refused;

/** The {@code config.pbtxt} asks for something without which the model would answer otherwise, and that is not here. */
public final class UnsupportedConfig extends Refused {
    public UnsupportedConfig(String reason) {
        super(
                Kind.INVALID,
                "The configuration asks for what is not here",
                "config.pbtxt asks for what is not here: " + reason + ".");
    }
}
