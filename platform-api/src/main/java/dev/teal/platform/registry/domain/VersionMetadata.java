package dev.teal.platform.registry.domain;

import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What comes beside an artifact.
 *
 * @param version null for the next number
 */
public record VersionMetadata(
        @Nullable String version,
        @Nullable String description,
        @Nullable Map<String, String> labels) {
    private static final Pattern VERSION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._-]{0,62}");
    private static final Pattern LABEL = Pattern.compile("[0-9A-Za-z]([0-9A-Za-z._/-]{0,61}[0-9A-Za-z])?");
    private static final int LONGEST_DESCRIPTION = 2000;
    private static final int LONGEST_LABEL = 200;
    private static final int MOST_LABELS = 32;

    public VersionMetadata {
        if (version != null && !VERSION.matcher(version).matches()) {
            throw new IllegalArgumentException(
                    "'version' must be 1 to 63 of A-Z a-z 0-9 . _ - and begin with a letter or digit, got '"
                            + shortened(version) + "'");
        }
        requireText("description", description, LONGEST_DESCRIPTION);
        if (labels != null) {
            if (labels.size() > MOST_LABELS) {
                throw new IllegalArgumentException(
                        "'labels' may have " + MOST_LABELS + " entries at most, got " + labels.size());
            }
            labels.forEach((name, value) -> {
                if (!LABEL.matcher(name).matches()) {
                    throw new IllegalArgumentException(
                            "a label's name must be 1 to 63 of A-Z a-z 0-9 . _ / -, got '" + shortened(name) + "'");
                }
                if (value == null) {
                    throw new IllegalArgumentException("label '" + name + "' must be a text");
                }
                requireText("label " + name, value, LONGEST_LABEL);
            });
            labels = Map.copyOf(labels);
        }
    }

    public static VersionMetadata none() {
        return new VersionMetadata(null, null, null);
    }

    private static void requireText(String what, @Nullable String text, int longest) {
        if (text != null && (text.length() > longest || text.indexOf('\0') >= 0)) {
            throw new IllegalArgumentException(
                    "'" + what + "' may have " + longest + " characters at most, and no NUL");
        }
    }

    private static String shortened(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }
}
