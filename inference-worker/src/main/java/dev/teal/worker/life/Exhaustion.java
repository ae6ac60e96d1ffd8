package dev.teal.worker.life;

import org.jspecify.annotations.Nullable;

/** Errors of Java's memory that a thread goes on after. Nobody knows what else met them, nor how it went on. */
public final class Exhaustion {
    private Exhaustion() {}

    /** @return itself, or what has caused it; null where it is of another kind */
    public static @Nullable OutOfMemoryError in(@Nullable Throwable error) {
        Throwable cause = error;
        while (cause != null && !(cause instanceof OutOfMemoryError)) {
            cause = cause.getCause();
        }
        return (OutOfMemoryError) cause;
    }

    /** This thread goes on. Whoever hears of the errors that end a thread hears of this one, too. */
    public static void survived(Throwable error) {
        if (in(error) != null) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, error);
        }
    }
}
