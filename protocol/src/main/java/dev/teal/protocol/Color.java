package dev.teal.protocol;

import java.util.Locale;
import java.util.Optional;

/** One of an endpoint's two environments. JSON and SQL say {@code BLUE}, headers and paths {@code blue}. */
public enum Color {
    BLUE,
    GREEN;

    public Color other() {
        return this == BLUE ? GREEN : BLUE;
    }

    public String lowerCase() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads a header or path value in any case. */
    public static Optional<Color> of(String value) {
        return switch (value.trim().toUpperCase(Locale.ROOT)) {
            case "BLUE" -> Optional.of(BLUE);
            case "GREEN" -> Optional.of(GREEN);
            default -> Optional.empty();
        };
    }
}
