package dev.teal.worker.run;

/** An answer is computed, and there is no memory to send it from: other answers wait in it for their clients. */
public final class NoRoomForAnswer extends RuntimeException {
    private static final long serialVersionUID = 1;

    public NoRoomForAnswer() {
        super(
                "there is no room for the answer, since clients have not yet read others; try again, or ask for binary data",
                null,
                false,
                false);
    }

    public Failure failure() {
        return Failure.of(Failure.Kind.UNAVAILABLE, String.valueOf(getMessage()));
    }
}
