package dev.teal.benchmark;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/** Tensors with the same values in every run. */
final class Tensors {
    private Tensors() {}

    /** Values of the full length that a float has as text: the dear case, and the usual one. */
    static Tensor floats(String name, long seed, long... shape) {
        SplittableRandom random = new SplittableRandom(seed);
        int elements = Math.toIntExact(Tensor.elements(shape));
        ByteBuffer data = ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements; i++) {
            data.putFloat((float) random.nextGaussian());
        }
        return new Tensor(name, Datatype.FP32, shape, data.flip());
    }

    static Tensor longs(String name, long... values) {
        ByteBuffer data = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(values);
        return new Tensor(name, Datatype.INT64, new long[] {1, values.length}, data);
    }

    static float[] values(long seed, int count, float scale) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() * scale;
        }
        return values;
    }
}
