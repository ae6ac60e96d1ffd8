package dev.teal.platform.routing.domain;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 4096B}, {@code 512KiB}, {@code 16MiB}, {@code 1GiB}; MB and GB mean powers of ten. */
public final class SizeText {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*(B|KB|MB|GB|KiB|MiB|GiB)");
    private static final long KIBI = 1024;

    private SizeText() {}

    /** @throws IllegalArgumentException with what is wrong and what would be right */
    public static long parse(String text) {
        Matcher matcher = FORM.matcher(text.trim());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a size: write a number with B, KiB, MiB or GiB, such as 16MiB");
        }
        long amount = Long.parseLong(matcher.group(1));
        long unit = switch (matcher.group(2)) {
            case "KB" -> 1_000;
            case "MB" -> 1_000_000;
            case "GB" -> 1_000_000_000;
            case "KiB" -> KIBI;
            case "MiB" -> KIBI * KIBI;
            case "GiB" -> KIBI * KIBI * KIBI;
            default -> 1;
        };
        try {
            return Math.multiplyExact(amount, unit);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is more bytes than can be counted", e);
        }
    }

    public static String format(long bytes) {
        if (bytes % (KIBI * KIBI) == 0) {
            return bytes / (KIBI * KIBI) + "MiB";
        }
        return bytes % KIBI == 0 ? bytes / KIBI + "KiB" : bytes + "B";
    }
}
