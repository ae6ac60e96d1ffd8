package dev.teal.protocol.grpc;

import dev.teal.protocol.grpc.ModelInferReader.Segment;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.protocol.wire.WireType;
import java.nio.ByteBuffer;

/**
 * Typed {@code InferTensorContents}. Elements come packed or one by one, in the field of their datatype; they are counted first, so that memory
 * is taken for what is there and not for what a shape claims.
 */
final class ContentsReader {
    private final WireReader reader;
    private final Segment contents;
    private final String name;
    private final Datatype datatype;
    private final int field;
    private final int wireType;
    private long bytes;

    ContentsReader(WireReader reader, Segment contents, String name, Datatype datatype) {
        this.reader = reader;
        this.contents = contents;
        this.name = name;
        this.datatype = datatype;
        this.field = fieldOf(datatype);
        this.wireType = switch (datatype) {
            case FP32 -> WireType.FIXED32;
            case FP64 -> WireType.FIXED64;
            case BYTES -> WireType.BYTES;
            default -> WireType.VARINT;
        };
    }

    private static int fieldOf(Datatype datatype) {
        return switch (datatype) {
            case BOOL -> 1;
            case INT8, INT16, INT32 -> 2;
            case INT64 -> 3;
            case UINT8, UINT16, UINT32 -> 4;
            case UINT64 -> 5;
            case FP32 -> 6;
            case FP64 -> 7;
            case BYTES -> 8;
            case FP16, BF16 -> throw new IllegalArgumentException(datatype + " has no typed contents");
        };
    }

    int count() {
        long count = 0;
        reader.seek(contents.start(), contents.length());
        while (reader.more()) {
            int tag = reader.tag();
            if (tag >>> 3 > 8) {
                reader.skip(tag);
            } else if (tag >>> 3 != field) {
                requireEmpty(tag);
            } else if (datatype == Datatype.BYTES && (tag & 7) == WireType.BYTES) {
                int length = reader.length();
                reader.pass(length);
                bytes += Integer.BYTES + length;
                count++;
            } else {
                count += elements(tag);
            }
        }
        if (datatype != Datatype.BYTES) {
            bytes = count * datatype.elementBytes();
        }
        if (bytes > Integer.MAX_VALUE - 64) {
            throw new InvalidInference("'" + name + "' has more elements than fit into one tensor");
        }
        return (int) count;
    }

    /** Another datatype's field may be there as long as nothing is in it. */
    private void requireEmpty(int tag) {
        if ((tag & 7) != WireType.BYTES || tag >>> 3 == 8 || reader.length() != 0) {
            throw new InvalidInference(
                    "'" + name + "' is " + datatype + ", and has elements in the field of another datatype");
        }
    }

    private long elements(int tag) {
        if ((tag & 7) == wireType) {
            reader.skip(tag);
            return 1;
        }
        if ((tag & 7) != WireType.BYTES) {
            throw new InvalidInference("'" + name + "' has contents that are not of their field's type");
        }
        if (wireType != WireType.VARINT) {
            int length = reader.length();
            if (length % datatype.elementBytes() != 0) {
                throw new InvalidInference("'" + name + "' has contents that end within an element");
            }
            reader.pass(length);
            return length / datatype.elementBytes();
        }
        long count = 0;
        int outer = reader.enter();
        while (reader.more()) {
            reader.varint();
            count++;
        }
        reader.leave(outer);
        return count;
    }

    /** After {@link #count}. */
    ByteBuffer read(TensorAllocator memory) {
        ByteBuffer data = memory.allocate((int) bytes);
        reader.seek(contents.start(), contents.length());
        while (reader.more()) {
            int tag = reader.tag();
            if (tag >>> 3 != field) {
                reader.skip(tag);
            } else if (datatype == Datatype.BYTES) {
                int length = reader.length();
                reader.copy(length, data.putInt(length));
            } else if ((tag & 7) != WireType.BYTES) {
                put(data);
            } else if (wireType != WireType.VARINT) {
                reader.copy(reader.length(), data);
            } else {
                int outer = reader.enter();
                while (reader.more()) {
                    put(data);
                }
                reader.leave(outer);
            }
        }
        return data.flip();
    }

    private void put(ByteBuffer to) {
        switch (datatype) {
            case BOOL -> to.put((byte) (reader.varint() != 0 ? 1 : 0));
            case INT8 -> to.put((byte) within(Byte.MIN_VALUE, Byte.MAX_VALUE, (int) reader.varint()));
            case INT16 -> to.putShort((short) within(Short.MIN_VALUE, Short.MAX_VALUE, (int) reader.varint()));
            case INT32, UINT32 -> to.putInt((int) reader.varint());
            case UINT8 -> to.put((byte) within(0, 0xff, reader.varint() & 0xffff_ffffL));
            case UINT16 -> to.putShort((short) within(0, 0xffff, reader.varint() & 0xffff_ffffL));
            case INT64, UINT64 -> to.putLong(reader.varint());
            case FP32 -> to.putInt(reader.fixed32());
            case FP64 -> to.putLong(reader.fixed64());
            case FP16, BF16, BYTES -> throw new IllegalStateException(datatype + " is not read element by element");
        }
    }

    private long within(long least, long most, long value) {
        if (value < least || value > most) {
            throw new InvalidInference("an element of '" + name + "' must be from " + least + " to " + most + " for "
                    + datatype + ", got " + value);
        }
        return value;
    }
}
