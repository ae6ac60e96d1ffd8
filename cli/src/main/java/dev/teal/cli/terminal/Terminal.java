package dev.teal.cli.terminal;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Lines for a person. Safe from many threads: a line is never torn. */
public final class Terminal {
    private final PrintStream out;

    public Terminal(PrintStream out) {
        this.out = out;
    }

    public static Terminal standard() {
        return new Terminal(System.out);
    }

    public synchronized void say(String format, @Nullable Object... values) {
        out.println(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
        out.flush();
    }

    /** {@code 0.4 s}, {@code 75 s}, {@code 2 h 5 min}: as exact as is of use. */
    public static String spell(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        }
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7200
                ? duration.toMinutes() + " min"
                : duration.toHours() + " h " + duration.toMinutesPart() + " min";
    }

    /** Since a {@link System#nanoTime} of before. */
    public static String since(long startNanos) {
        return spell(Duration.ofNanos(System.nanoTime() - startNanos));
    }
}
