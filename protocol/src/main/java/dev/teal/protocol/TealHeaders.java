package dev.teal.protocol;

/** Header names between client, gateway and worker. All values are ASCII. */
public final class TealHeaders {
    /** On a response: the color that answered, {@code blue} or {@code green}. On a request: the color that the caller asks for. */
    public static final String COLOR = "Teal-Color";

    /** On a response: the model version that answered. */
    public static final String VERSION = "Teal-Version";

    /** The endpoint's generation that the request was routed by; on responses and on the way to a worker. */
    public static final String GENERATION = "Teal-Generation";

    /** To a worker: the digest that it must run; on responses: the digest that answered, {@code sha256:<64 hex>}. */
    public static final String DIGEST = "Teal-Digest";

    /** To a worker: milliseconds left until the caller's deadline, a duration, so clocks need not agree. */
    public static final String DEADLINE_MILLIS = "Teal-Deadline-Millis";

    /** To a worker: milliseconds that the request has stood in a gateway's line behind others; left out for 0. */
    public static final String WAITED_MILLIS = "Teal-Waited-Millis";

    /** To a worker: {@code true} on mirrored requests. */
    public static final String SHADOW = "Teal-Shadow";

    /** On a worker's 503: it has not begun, so the request is safe to send elsewhere. One of {@link Refusal}. */
    public static final String REFUSED = "Teal-Refused";

    /** To a worker: the {@code Content-Type} of a body that is a gRPC message. */
    public static final String MESSAGE_TYPE = "application/vnd.teal.infer+protobuf";

    /** On a response: a sentence on what the caller could do better. */
    public static final String HINT = "Teal-Hint";

    private TealHeaders() {}
}
