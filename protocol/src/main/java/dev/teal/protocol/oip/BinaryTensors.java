package dev.teal.protocol.oip;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The tensors that lie behind the JSON, back to back: each is copied once, from the body to where it stays. */
final class BinaryTensors {
    private final RequestBody body;
    private int next;

    /** @param start where the JSON ends */
    BinaryTensors(RequestBody body, int start) {
        this.body = body;
        this.next = start;
    }

    /** Takes the next one. @param elements as its shape has it */
    ByteBuffer take(String kind, String name, Datatype datatype, long elements, long bytes, TensorAllocator memory) {
        requireSize(kind, name, datatype, elements, bytes);
        if (bytes > body.length() - next) {
            throw new InvalidInference("unexpected size for " + kind + " '" + name + "', expecting " + bytes
                    + " bytes, but only " + (body.length() - next) + " are left in the body");
        }
        ByteBuffer data = memory.allocate((int) bytes);
        body.copy(next, data);
        next += (int) bytes;
        requireElements(kind, name, datatype, elements, data.flip());
        return data;
    }

    /** @throws InvalidInference if so many elements take another number of bytes */
    static void requireSize(String kind, String name, Datatype datatype, long elements, long bytes) {
        if (datatype != Datatype.BYTES && !fits(elements, datatype.elementBytes(), bytes)) {
            BigInteger expected = BigInteger.valueOf(elements).multiply(BigInteger.valueOf(datatype.elementBytes()));
            throw mismatch(kind, name, expected, bytes);
        }
    }

    /** @throws InvalidInference if the bytes, whose number fits, are not so many elements */
    static void requireElements(String kind, String name, Datatype datatype, long elements, ByteBuffer data) {
        if (datatype == Datatype.BYTES) {
            requireStrings(kind, name, elements, data);
        } else if (datatype == Datatype.BOOL) {
            requireTruthValues(kind, name, data);
        }
    }

    /** To native code another byte is no truth value at all, and whatever counts by it may count wrong. */
    private static void requireTruthValues(String kind, String name, ByteBuffer data) {
        for (int i = 0; i < data.limit(); i++) {
            if ((data.get(i) & 0xfe) != 0) {
                throw new InvalidInference("element " + i + " of BOOL " + kind + " '" + name + "' is the byte "
                        + (data.get(i) & 0xff) + ", it must be 0 or 1");
            }
        }
    }

    private static boolean fits(long elements, int elementBytes, long bytes) {
        return elements <= bytes && elements * elementBytes == bytes;
    }

    static InvalidInference mismatch(String kind, String name, Number expected, long bytes) {
        return new InvalidInference(
                kind + " byte size mismatch for " + kind + " '" + name + "'. Expected " + expected + ", got " + bytes);
    }

    /** Walks BYTES elements. @throws InvalidInference if they are not exactly so many */
    private static void requireStrings(String kind, String name, long elements, ByteBuffer data) {
        ByteBuffer bytes = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int limit = bytes.limit();
        int at = bytes.position();
        long count = 0;
        for (; at < limit; count++) {
            if (count == elements) {
                throw new InvalidInference("unexpected number of string elements " + (count + 1) + " for inference "
                        + kind + " '" + name + "', expecting " + elements);
            }
            if (limit - at < Integer.BYTES) {
                throw new InvalidInference("incomplete string length indicator for inference " + kind + " '" + name
                        + "', expecting 4 bytes but only " + (limit - at) + " bytes available");
            }
            long length = bytes.getInt(at) & 0xffff_ffffL;
            at += Integer.BYTES;
            if (length > limit - at) {
                throw new InvalidInference("incomplete string data for inference " + kind + " '" + name
                        + "', expecting string of length " + length + " but only " + (limit - at) + " bytes available");
            }
            at += (int) length;
        }
        if (count != elements) {
            throw new InvalidInference(
                    "expected " + elements + " strings for inference " + kind + " '" + name + "', got " + count);
        }
    }

    /** @throws InvalidInference if the body has more than was taken */
    void requireEnd() {
        if (next != body.length()) {
            throw new InvalidInference("unexpected additional input data: " + (body.length() - next)
                    + " bytes more than the inputs' 'binary_data_size' say");
        }
    }
}
