package dev.teal.worker.real;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Tensors from Java's arrays and back. */
public final class Values {
    private Values() {}

    public static Tensor floats(String name, float[] values, long... shape) {
        ByteBuffer data = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asFloatBuffer().put(values);
        return new Tensor(name, Datatype.FP32, shape, data);
    }

    public static Tensor longs(String name, long[] values, long... shape) {
        ByteBuffer data = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        data.asLongBuffer().put(values);
        return new Tensor(name, Datatype.INT64, shape, data);
    }

    public static float[] of(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.elements())];
        little(tensor).asFloatBuffer().get(values);
        return values;
    }

    public static ByteBuffer little(Tensor tensor) {
        return tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).rewind();
    }
}
