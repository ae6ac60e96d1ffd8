package dev.teal.protocol.oip;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * One tensor with its elements in the protocol's binary form, row-major and little-endian.
 *
 * @param shape dimensions, outermost first; empty for a scalar
 * @param data position 0 to limit holds exactly the elements; {@link Datatype#BYTES} elements are each a 4-byte length and the bytes
 */
public record Tensor(String name, Datatype datatype, long[] shape, ByteBuffer data) {

    /** How many elements the shape names. @throws ArithmeticException if that is more than a long holds */
    public static long elements(long[] shape) {
        for (long dimension : shape) {
            if (dimension == 0) {
                return 0;
            }
        }
        long elements = 1;
        for (long dimension : shape) {
            elements = Math.multiplyExact(elements, dimension);
        }
        return elements;
    }

    public long elements() {
        return elements(shape);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Tensor(var otherName, var otherType, var otherShape, var otherData)
                && name.equals(otherName)
                && datatype == otherType
                && Arrays.equals(shape, otherShape)
                && data.equals(otherData);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * name.hashCode() + datatype.hashCode()) + Arrays.hashCode(shape);
    }

    @Override
    public String toString() {
        return name + " " + datatype + Arrays.toString(shape);
    }
}
