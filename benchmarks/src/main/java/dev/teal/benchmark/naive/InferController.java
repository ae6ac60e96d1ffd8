package dev.teal.benchmark.naive;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class InferController {
    private final OrtSession session;

    InferController(OrtSession session) {
        this.session = session;
    }

    record Request(List<Input> inputs) {}

    record Input(String name, long[] shape, String datatype, float[] data) {}

    record Output(String name, long[] shape, String datatype, float[] data) {}

    record Response(String modelName, String modelVersion, List<Output> outputs) {}

    @PostMapping("/v2/models/{model}/infer")
    Response infer(@PathVariable String model, @RequestBody Request request) throws OrtException {
        Input input = request.inputs().getFirst();
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(input.data()), input.shape());
                OrtSession.Result result = session.run(Map.of(input.name(), tensor))) {
            OnnxTensor output = (OnnxTensor) result.get(0);
            float[] data = output.getFloatBuffer().array();
            Output answer = new Output("y", output.getInfo().getShape(), "FP32", data);
            return new Response(model, "1", List.of(answer));
        }
    }
}
