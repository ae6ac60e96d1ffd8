package dev.teal.worker.run;

/** A body is larger than its endpoint allows, which shows only when it is unpacked. */
public final class BodyTooLarge extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BodyTooLarge(long limitBytes) {
        super(words(limitBytes), null, false, false);
    }

    private BodyTooLarge(String words) {
        super(words, null, false, false);
    }

    /** Its JSON alone is more than this process has room for, whatever its endpoint allows. */
    public static BodyTooLarge asJson(long mostBytes) {
        return new BodyTooLarge(
                "the request's JSON is larger than the " + mostBytes
                        + " bytes that a worker can read; send less at once, or tensors as binary data, which need not be read whole");
    }

    public static Failure failure(long limitBytes) {
        return Failure.of(Failure.Kind.TOO_LARGE, words(limitBytes));
    }

    private static String words(long limitBytes) {
        return "the request is larger than the limit of " + limitBytes
                + " bytes; send less at once, or raise bodyLimit in the endpoint's configuration";
    }
}
