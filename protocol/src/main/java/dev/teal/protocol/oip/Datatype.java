package dev.teal.protocol.oip;

/** A tensor's element type, named as the Open Inference Protocol names it. */
public enum Datatype {
    BOOL(1),
    UINT8(1),
    UINT16(2),
    UINT32(4),
    UINT64(8),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    FP16(2),
    BF16(2),
    FP32(4),
    FP64(8),
    BYTES(-1);

    private final int elementBytes;

    Datatype(int elementBytes) {
        this.elementBytes = elementBytes;
    }

    /** Size of one element in bytes; {@code -1} for {@link #BYTES}, whose elements carry their own length. */
    public int elementBytes() {
        return elementBytes;
    }
}
