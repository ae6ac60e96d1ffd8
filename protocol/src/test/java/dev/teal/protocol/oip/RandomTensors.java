package dev.teal.protocol.oip;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/** Tensors of any datatype, small shape and any bits, except that floats are no signalling or marked NaN: JSON has only one NaN. */
public final class RandomTensors {
    private static final int[] CODE_POINTS = {0, 'a', '"', '\\', 0x7f, 0xe9, 0x2028, 0xfffd, 0x1f600, 0x10ffff};

    private RandomTensors() {}

    public static Tensor next(RandomGenerator random, String name, Datatype datatype) {
        long[] shape = new long[random.nextInt(4)];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = random.nextInt(5);
        }
        return next(random, name, datatype, shape);
    }

    public static Tensor next(RandomGenerator random, String name, Datatype datatype, long... shape) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (long i = Tensor.elements(shape); i > 0; i--) {
            bytes.writeBytes(element(random, datatype));
        }
        ByteBuffer data = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        return new Tensor(name, datatype, shape, data);
    }

    private static byte[] element(RandomGenerator random, Datatype datatype) {
        ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        switch (datatype) {
            case BOOL -> bytes.put((byte) random.nextInt(2));
            case UINT8, INT8 -> bytes.put((byte) random.nextInt());
            case UINT16, INT16 -> bytes.putShort((short) random.nextInt());
            case UINT32, INT32 -> bytes.putInt(random.nextInt());
            case UINT64, INT64 -> bytes.putLong(random.nextLong() >> random.nextInt(64));
            case FP16 -> bytes.putShort(fp16((short) random.nextInt()));
            case BF16 -> bytes.putShort(bf16((short) random.nextInt()));
            case FP32 -> bytes.putFloat(random.nextInt(8) == 0 ? Float.NaN : canonical(random.nextInt()));
            case FP64 ->
                bytes.putDouble(
                        random.nextInt(8) == 0
                                ? Double.NEGATIVE_INFINITY
                                : Double.longBitsToDouble(
                                        Double.doubleToLongBits(Double.longBitsToDouble(random.nextLong()))));
            case BYTES -> {
                byte[] text = text(random).getBytes(StandardCharsets.UTF_8);
                bytes.putInt(text.length).put(text);
            }
        }
        byte[] exact = new byte[bytes.position()];
        bytes.flip().get(exact);
        return exact;
    }

    private static short fp16(short bits) {
        return Float.isNaN(Float.float16ToFloat(bits)) ? Float.floatToFloat16(Float.NaN) : bits;
    }

    private static short bf16(short bits) {
        return Float.isNaN(Float.intBitsToFloat(bits << 16)) ? (short) 0x7fc0 : bits;
    }

    private static float canonical(int bits) {
        return Float.intBitsToFloat(Float.floatToIntBits(Float.intBitsToFloat(bits)));
    }

    private static String text(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.appendCodePoint(CODE_POINTS[random.nextInt(CODE_POINTS.length)]);
        }
        return text.toString();
    }
}
