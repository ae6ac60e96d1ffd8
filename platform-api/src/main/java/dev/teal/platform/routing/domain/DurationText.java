package dev.teal.platform.routing.domain;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 250us}, {@code 500ms}, {@code 30s}, {@code 5m}, {@code 24h}, {@code 7d}, or ISO-8601 as {@code PT5M}. */
public final class DurationText {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*(us|ms|s|m|h|d)");

    private DurationText() {}

    /** @throws IllegalArgumentException with what is wrong and what would be right */
    public static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text.trim());
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "us" -> Duration.of(amount, ChronoUnit.MICROS);
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
        try {
            return Duration.parse(text.trim());
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "'" + text
                            + "' is not a duration: write a number with us, ms, s, m, h or d, such as 30s, or ISO-8601, such as PT30S",
                    e);
        }
    }

    public static String format(Duration duration) {
        if (duration.getNano() % 1_000_000 != 0) {
            return duration.dividedBy(Duration.of(1, ChronoUnit.MICROS)) + "us";
        }
        long millis = duration.toMillis();
        if (millis % 1_000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1_000;
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        }
        long minutes = seconds / 60;
        return minutes % 60 == 0 ? minutes / 60 + "h" : minutes + "m";
    }
}
