package dev.teal.worker;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.Tensor;
import dev.teal.worker.onnx.IdentityModel;
import dev.teal.worker.onnx.Onnx;
import dev.teal.worker.onnx.OnnxFailure;
import dev.teal.worker.onnx.OnnxSession;
import dev.teal.worker.onnx.RunControl;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * One run of a model that gives back what it gets. If this library were another than the one that the worker was built for, numbers and
 * strings would come back changed, and no assignment must be taken.
 */
final class SelfTest {
    private SelfTest() {}

    static void run(Onnx onnx) throws IOException, OnnxFailure {
        IdentityModel model = new IdentityModel(Datatype.FP32, Datatype.BYTES);
        Tensor numbers = new Tensor(
                IdentityModel.input(Datatype.FP32),
                Datatype.FP32,
                new long[] {2},
                buffer().putFloat(0.1f).putFloat(Float.NaN).flip());
        Tensor strings = new Tensor(
                IdentityModel.input(Datatype.BYTES),
                Datatype.BYTES,
                new long[] {2},
                buffer().putInt(2).put((byte) 0xc3).put((byte) 0xa9).putInt(0).flip());
        try (OnnxSession session = onnx.open(model.bytes(), 1)) {
            List<Tensor> made = session.run(
                    List.of(numbers, strings),
                    List.of(IdentityModel.output(Datatype.FP32), IdentityModel.output(Datatype.BYTES)),
                    new RunControl());
            if (!made.get(0).data().equals(numbers.data())
                    || !made.get(1).data().equals(strings.data())) {
                throw new IOException("ONNX Runtime " + onnx.version() + " does not give back what it was given");
            }
        }
    }

    private static ByteBuffer buffer() {
        return ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    }
}
