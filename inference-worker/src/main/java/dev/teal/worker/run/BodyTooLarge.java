package dev.teal.worker.run;

/** A body is larger than its endpoint allows, which shows only when it is unpacked. */
public final class BodyTooLarge extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BodyTooLarge(long limitBytes) {
        super(words(limitBytes), null, false, false);
    }

    public static Failure failure(long limitBytes) {
        return Failure.of(Failure.Kind.TOO_LARGE, words(limitBytes));
    }

    private static String words(long limitBytes) {
        return "the request is larger than the limit of " + limitBytes
                + " bytes; send less at once, or raise bodyLimit in the endpoint's configuration";
    }
}
