package dev.teal.protocol.oip;

/**
 * What a request may have of anything that is small in its body and large in a reader's memory, in whichever encoding; several times what a model
 * that is served takes. How many bytes there may be in all is the caller's to limit.
 */
public final class RequestLimits {
    /** Inputs, and outputs that are asked for. */
    public static final int TENSORS = 1024;

    /** Of the request, or of one tensor. */
    public static final int PARAMETERS = 1024;

    /** As many as a model's signature may have. */
    public static final int DIMENSIONS = 16;

    public static final int NAME_BYTES = 4096;

    public static final int ID_BYTES = 1 << 16;

    private RequestLimits() {}

    /** @param what names it in an error */
    public static void requireTensors(int already, String what) {
        if (already >= TENSORS) {
            throw new InvalidInference("there are more than " + TENSORS + " " + what);
        }
    }

    /** @param what names it in an error */
    public static void requireBytes(int bytes, int most, String what) {
        if (bytes > most) {
            throw new InvalidInference(what + " has " + bytes + " bytes; " + most + " is the most");
        }
    }
}
