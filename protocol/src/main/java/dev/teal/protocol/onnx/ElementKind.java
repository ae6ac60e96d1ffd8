package dev.teal.protocol.onnx;

import dev.teal.protocol.oip.Datatype;
import org.jspecify.annotations.Nullable;

/** The element types of {@code TensorProto.DataType}, and how a tensor carries them in a file. */
enum ElementKind {
    FLOAT(1, 32, Carrier.FLOATS, Datatype.FP32),
    UINT8(2, 8, Carrier.INT32S, Datatype.UINT8),
    INT8(3, 8, Carrier.INT32S, Datatype.INT8),
    UINT16(4, 16, Carrier.INT32S, Datatype.UINT16),
    INT16(5, 16, Carrier.INT32S, Datatype.INT16),
    INT32(6, 32, Carrier.INT32S, Datatype.INT32),
    INT64(7, 64, Carrier.INT64S, Datatype.INT64),
    STRING(8, 0, Carrier.STRINGS, Datatype.BYTES),
    BOOL(9, 8, Carrier.INT32S, Datatype.BOOL),
    FLOAT16(10, 16, Carrier.INT32S, Datatype.FP16),
    DOUBLE(11, 64, Carrier.DOUBLES, Datatype.FP64),
    UINT32(12, 32, Carrier.UINT64S, Datatype.UINT32),
    UINT64(13, 64, Carrier.UINT64S, Datatype.UINT64),
    COMPLEX64(14, 64, Carrier.FLOATS, null),
    COMPLEX128(15, 128, Carrier.DOUBLES, null),
    BFLOAT16(16, 16, Carrier.INT32S, Datatype.BF16),
    FLOAT8E4M3FN(17, 8, Carrier.INT32S, null),
    FLOAT8E4M3FNUZ(18, 8, Carrier.INT32S, null),
    FLOAT8E5M2(19, 8, Carrier.INT32S, null),
    FLOAT8E5M2FNUZ(20, 8, Carrier.INT32S, null),
    UINT4(21, 4, Carrier.INT32S, null),
    INT4(22, 4, Carrier.INT32S, null),
    FLOAT4E2M1(23, 4, Carrier.INT32S, null),
    FLOAT8E8M0(24, 8, Carrier.INT32S, null),
    UINT2(25, 2, Carrier.INT32S, null),
    INT2(26, 2, Carrier.INT32S, null);

    /** The field of {@code TensorProto} that holds elements which are not raw bytes. */
    enum Carrier {
        FLOATS(4, 32),
        INT32S(5, 32),
        STRINGS(6, 0),
        INT64S(7, 64),
        DOUBLES(10, 64),
        UINT64S(11, 64);

        final int field;
        private final int bits;

        Carrier(int field, int bits) {
            this.field = field;
            this.bits = bits;
        }
    }

    private final int number;
    private final int bits;
    final Carrier carrier;

    /** The protocol's name for it; it has none for complex numbers and those of 2, 4 and some of 8 bits. */
    final @Nullable Datatype datatype;

    ElementKind(int number, int bits, Carrier carrier, @Nullable Datatype datatype) {
        this.number = number;
        this.bits = bits;
        this.carrier = carrier;
        this.datatype = datatype;
    }

    static @Nullable ElementKind numbered(long number) {
        for (ElementKind kind : values()) {
            if (kind.number == number) {
                return kind;
            }
        }
        return null;
    }

    /** @throws ArithmeticException if it is more than can be counted */
    long rawBytes(long elements) {
        return Math.ceilDiv(Math.multiplyExact(elements, bits), Byte.SIZE);
    }

    /** How many numbers (or strings) of its field carry so many elements: complex ones take two, those below a byte share one. */
    long carried(long elements) {
        if (this == STRING) {
            return elements;
        }
        return bits < Byte.SIZE ? rawBytes(elements) : Math.multiplyExact(elements, Math.max(1, bits / carrier.bits));
    }
}
