package dev.teal.protocol.cell;

import dev.teal.protocol.Color;

/** Mirrored traffic: {@code percent} (1 to 100) of live requests are repeated to {@code target}. */
public record Shadow(Color target, int percent) {
    public Shadow {
        if (percent < 1 || percent > 100) {
            throw new IllegalArgumentException("shadow percent must be 1 to 100, got " + percent);
        }
    }
}
