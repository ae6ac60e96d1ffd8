package dev.teal.cli.terminal;

/** A command cannot do what it was asked; the message says why and what to do, and the exit code tells a script. */
public final class Refused extends RuntimeException {
    /** The caller can change it: a taken port, a wrong flag. */
    public static final int USAGE = 2;
    /** Something went wrong here. */
    public static final int FAILED = 1;
    /** What was asked about does not run. */
    public static final int NOT_RUNNING = 3;

    private final int exitCode;

    public Refused(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
