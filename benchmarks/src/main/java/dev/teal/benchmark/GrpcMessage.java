package dev.teal.benchmark;

import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.wire.WireWriter;
import java.util.List;

/** A {@code ModelInferRequest} with raw contents. */
final class GrpcMessage {
    static final String INFER = "/inference.GRPCInferenceService/ModelInfer";

    private GrpcMessage() {}

    static byte[] raw(String model, List<Tensor> inputs) {
        WireWriter request = new WireWriter().put(1, model);
        for (Tensor input : inputs) {
            WireWriter tensor = new WireWriter()
                    .put(1, input.name())
                    .put(2, input.datatype().toString());
            for (long dimension : input.shape()) {
                tensor.put(3, dimension);
            }
            request.put(5, tensor);
        }
        inputs.forEach(input -> request.put(7, Question.bytes(input)));
        return request.toByteArray();
    }
}
