package dev.teal.db;

/** The embedded database cannot run; the message says why and what to do, for the person at the terminal. */
public final class DatabaseUnavailable extends RuntimeException {
    public DatabaseUnavailable(String message) {
        super(message);
    }

    public DatabaseUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
