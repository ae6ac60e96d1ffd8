package dev.teal.platform.rollout.domain;

import java.util.Locale;

/** Who decides on the switch once the new version is proven. JSON says {@code auto} and {@code manual}. */
public enum Promotion {
    AUTO,
    MANUAL;

    public String lowerCase() {
        return name().toLowerCase(Locale.ROOT);
    }
}
