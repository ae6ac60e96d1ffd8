package dev.teal.worker.onnx;

import dev.teal.protocol.oip.Datatype;
import java.util.Optional;

/** ONNX's numbers for element types, the same in its files and in the runtime. */
enum ElementType {
    FLOAT(1, Datatype.FP32),
    UINT8(2, Datatype.UINT8),
    INT8(3, Datatype.INT8),
    UINT16(4, Datatype.UINT16),
    INT16(5, Datatype.INT16),
    INT32(6, Datatype.INT32),
    INT64(7, Datatype.INT64),
    STRING(8, Datatype.BYTES),
    BOOL(9, Datatype.BOOL),
    FLOAT16(10, Datatype.FP16),
    DOUBLE(11, Datatype.FP64),
    UINT32(12, Datatype.UINT32),
    UINT64(13, Datatype.UINT64),
    BFLOAT16(16, Datatype.BF16);

    private static final ElementType[] OF_DATATYPE = new ElementType[Datatype.values().length];

    static {
        for (ElementType type : values()) {
            OF_DATATYPE[type.datatype.ordinal()] = type;
        }
    }

    private final int number;
    private final Datatype datatype;

    ElementType(int number, Datatype datatype) {
        this.number = number;
        this.datatype = datatype;
    }

    static int numberOf(Datatype datatype) {
        return OF_DATATYPE[datatype.ordinal()].number;
    }

    static Optional<Datatype> datatypeOf(int number) {
        for (ElementType type : values()) {
            if (type.number == number) {
                return Optional.of(type.datatype);
            }
        }
        return Optional.empty();
    }
}
