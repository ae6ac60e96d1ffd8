package dev.teal.protocol.wire;

/** What follows a field's tag, by the number in its lowest three bits. Groups (3 and 4) are of no format here. */
public final class WireType {
    public static final int VARINT = 0;
    public static final int FIXED64 = 1;
    /** A length, and so many bytes: a text, a message, packed numbers. */
    public static final int BYTES = 2;

    public static final int FIXED32 = 5;

    private WireType() {}
}
