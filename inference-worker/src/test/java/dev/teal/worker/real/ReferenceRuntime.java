package dev.teal.worker.real;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** ONNX Runtime through its own Java binding, which the worker does not use: where the golden outputs come from. */
final class ReferenceRuntime implements Runner, AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    ReferenceRuntime(byte[] model) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            this.session = environment.createSession(model, options);
        }
    }

    @Override
    public Map<String, Tensor> run(List<Tensor> inputs) throws IOException {
        Map<String, OnnxTensor> given = new HashMap<>();
        try {
            for (Tensor input : inputs) {
                given.put(input.name(), tensor(input));
            }
            try (OrtSession.Result result = session.run(given)) {
                Map<String, Tensor> outputs = new HashMap<>();
                for (Map.Entry<String, OnnxValue> output : result) {
                    OnnxTensor tensor = (OnnxTensor) output.getValue();
                    FloatBuffer values = tensor.getFloatBuffer();
                    float[] copy = new float[values.remaining()];
                    values.get(copy);
                    outputs.put(
                            output.getKey(),
                            Values.floats(
                                    output.getKey(), copy, tensor.getInfo().getShape()));
                }
                return outputs;
            }
        } catch (OrtException e) {
            throw new IOException(e);
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(Tensor input) throws OrtException {
        return input.datatype() == Datatype.INT64
                ? OnnxTensor.createTensor(environment, Values.little(input).asLongBuffer(), input.shape())
                : OnnxTensor.createTensor(environment, Values.little(input).asFloatBuffer(), input.shape());
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
