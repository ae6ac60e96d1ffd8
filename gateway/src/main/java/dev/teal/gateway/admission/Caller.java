package dev.teal.gateway.admission;

/** Who a request comes from. */
public sealed interface Caller {
    /** On this machine, without a key. */
    record Local() implements Caller {}

    /** @param id of the key, its public part */
    record Keyed(String id) implements Caller {}

    /** Nobody who may call. @param reason a sentence that says what to do */
    record Refused(String reason) implements Caller {}
}
