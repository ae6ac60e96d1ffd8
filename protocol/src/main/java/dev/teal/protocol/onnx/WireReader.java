package dev.teal.protocol.onnx;

import dev.teal.protocol.wire.WireType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/**
 * Protobuf's wire format, read as strictly as its specification allows: every length is held to what is left of its parent before it is
 * believed, groups are refused, and depth and number of fields have a limit. Nothing is kept but one text at a time.
 *
 * <p>Messages of gRPC have a reader of their own: an ONNX file is mapped and may have more bytes than an int counts, is walked once from its
 * beginning to its end, and what one reader of it would take otherwise than another is refused.
 */
final class WireReader {
    private static final int DEEPEST = 64;
    /** A forest of a million branches has ten million; a file made of nothing else would keep a core busy. */
    private static final long MOST_FIELDS = 20_000_000;

    private static final int LONGEST_TEXT = 4096;
    private static final int MOST_FIELD_NUMBER = (1 << 29) - 1;

    private final MemorySegment bytes;
    private final Census census;
    private long position;
    /** Of the message that is being read. */
    private long end;

    private int depth;
    private long fields;

    WireReader(MemorySegment bytes, Census census) {
        this.bytes = bytes;
        this.census = census;
        this.end = bytes.byteSize();
    }

    /** Reads one field of a message; must consume it. */
    @FunctionalInterface
    interface Field {
        void read(int number, int wireType);
    }

    /** Fields that a message has once at most: two of them would be merged by one reader and the last taken by another. */
    static long once(int... numbers) {
        long once = 0;
        for (int number : numbers) {
            once |= 1L << number;
        }
        return once;
    }

    /** All fields to the end of the message that was entered, or of the file. */
    void fields(long once, Field each) {
        long seen = 0;
        while (position < end) {
            if (++fields > MOST_FIELDS) {
                throw OnnxRefused.overLimit("it has more than " + MOST_FIELDS + " fields");
            }
            long tag = varint();
            long number = tag >>> 3;
            if (number < 1 || number > MOST_FIELD_NUMBER) {
                throw damaged();
            }
            if (number < Long.SIZE) {
                long bit = 1L << number;
                if ((seen & once & bit) != 0) {
                    throw OnnxRefused.notAModel("a field that stands once is there twice, near byte " + position);
                }
                seen |= bit;
            }
            each.read((int) number, (int) tag & 7);
        }
    }

    /** The fields of a message that stands here. */
    void message(int wireType, long once, Field each) {
        long length = length(wireType);
        if (++depth > DEEPEST) {
            throw OnnxRefused.overLimit("its parts are nested more than " + DEEPEST + " deep");
        }
        long outer = end;
        end = position + length;
        fields(once, each);
        end = outer;
        depth--;
    }

    long number(int wireType) {
        require(wireType, WireType.VARINT);
        return varint();
    }

    /** A name: in UTF-8, and short. */
    String text(int wireType) {
        int length = shortLength(wireType);
        ByteBuffer encoded = bytes.asSlice(position, length).asByteBuffer();
        position += length;
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(encoded).toString();
        } catch (CharacterCodingException e) {
            throw OnnxRefused.notAModel("a name is not UTF-8");
        }
    }

    /** A name that says nothing here. */
    void name(int wireType) {
        int length = shortLength(wireType);
        position += length;
    }

    private int shortLength(int wireType) {
        long length = length(wireType);
        if (length > LONGEST_TEXT) {
            throw OnnxRefused.overLimit("a name has more than " + LONGEST_TEXT + " bytes");
        }
        census.count(Census.Part.NAME_BYTES, length);
        return (int) length;
    }

    /** Past bytes that are not looked at: weights, documentation. @return how many */
    long bytes(int wireType) {
        long length = length(wireType);
        position += length;
        return length;
    }

    /**
     * Past numbers that take the same space each, packed or not.
     *
     * @param each {@link WireType#FIXED32} or {@link WireType#FIXED64}
     * @return how many
     */
    long fixedNumbers(int wireType, int each) {
        int size = each == WireType.FIXED32 ? Integer.BYTES : Long.BYTES;
        if (wireType == each) {
            advance(size);
            return 1;
        }
        long length = bytes(wireType);
        if (length % size != 0) {
            throw damaged();
        }
        return length / size;
    }

    /** Reads numbers, packed or not. @return how many */
    long numbers(int wireType, LongConsumer each) {
        if (wireType == WireType.VARINT) {
            each.accept(varint());
            return 1;
        }
        long length = length(wireType);
        long outer = end;
        end = position + length;
        long count = 0;
        while (position < end) {
            each.accept(varint());
            count++;
        }
        end = outer;
        return count;
    }

    /** Past a field that no version of ONNX up to the newest known one has. */
    void skip(int wireType) {
        switch (wireType) {
            case WireType.VARINT -> varint();
            case WireType.FIXED64 -> advance(Long.BYTES);
            case WireType.FIXED32 -> advance(Integer.BYTES);
            case WireType.BYTES -> bytes(wireType);
            default -> throw OnnxRefused.notAModel("a field has a form that ONNX does not use");
        }
    }

    void fixed32(int wireType) {
        require(wireType, WireType.FIXED32);
        advance(Integer.BYTES);
    }

    private long length(int wireType) {
        require(wireType, WireType.BYTES);
        long length = varint();
        if (length < 0 || length > end - position) {
            throw damaged();
        }
        return length;
    }

    private void advance(int count) {
        if (count > end - position) {
            throw damaged();
        }
        position += count;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (position == end) {
                throw damaged();
            }
            byte next = bytes.get(ValueLayout.JAVA_BYTE, position++);
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                if (shift == 63 && next > 1) {
                    throw damaged();
                }
                return value;
            }
        }
        throw damaged();
    }

    private static void require(int wireType, int wanted) {
        if (wireType != wanted) {
            throw OnnxRefused.notAModel("a field has another type than ONNX gives it");
        }
    }

    private OnnxRefused damaged() {
        return OnnxRefused.notAModel("its bytes are damaged or end too early, near byte " + position);
    }
}
