package dev.teal.benchmark;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.Tensor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * ONNX Runtime in process and nothing else, through its own Java binding: what serving is compared with. Each line on standard input is a
 * number of milliseconds to run for; the answer is how many runs that were and in how many nanoseconds.
 */
final class RawRuntime {
    private RawRuntime() {}

    public static void main(String[] arguments) throws IOException, OrtException {
        BenchmarkModel model = Models.named(arguments[0]);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            try (OrtSession session = environment.createSession(model.bytes(), options)) {
                Map<Tensor, ByteBuffer> memory = new HashMap<>();
                for (Tensor input : model.question()) {
                    memory.put(input, direct(input));
                }
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    System.out.println(run(environment, session, memory, Long.parseLong(line)));
                }
            }
        }
    }

    private static ByteBuffer direct(Tensor input) {
        return ByteBuffer.allocateDirect(input.data().remaining())
                .order(ByteOrder.nativeOrder())
                .put(input.data().duplicate())
                .flip();
    }

    private static String run(
            OrtEnvironment environment, OrtSession session, Map<Tensor, ByteBuffer> memory, long millis)
            throws OrtException {
        long start = System.nanoTime();
        long end = start + millis * 1_000_000;
        long runs = 0;
        long now = start;
        while (now < end) {
            once(environment, session, memory);
            runs++;
            now = System.nanoTime();
        }
        return runs + " " + (now - start);
    }

    /** With a tensor of its own, as each request has. */
    private static void once(OrtEnvironment environment, OrtSession session, Map<Tensor, ByteBuffer> memory)
            throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            for (Map.Entry<Tensor, ByteBuffer> input : memory.entrySet()) {
                inputs.put(input.getKey().name(), tensor(environment, input.getKey(), input.getValue()));
            }
            try (OrtSession.Result result = session.run(inputs)) {
                if (result.size() == 0) {
                    throw new IllegalStateException("the model has no outputs");
                }
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static OnnxTensor tensor(OrtEnvironment environment, Tensor input, ByteBuffer data) throws OrtException {
        OnnxJavaType type = input.datatype() == Datatype.INT64 ? OnnxJavaType.INT64 : OnnxJavaType.FLOAT;
        return OnnxTensor.createTensor(
                environment, data.duplicate().order(ByteOrder.nativeOrder()), input.shape(), type);
    }
}
