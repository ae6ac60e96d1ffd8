package dev.teal.benchmark;

import dev.teal.protocol.oip.Tensor;
import java.util.List;

/** A {@code ModelInferRequest} with raw contents. */
final class GrpcQuestion {
    static final String INFER = "/inference.GRPCInferenceService/ModelInfer";

    private GrpcQuestion() {}

    static byte[] raw(String model, List<Tensor> inputs) {
        Protobuf request = new Protobuf().add(1, model);
        for (Tensor input : inputs) {
            Protobuf tensor =
                    new Protobuf().add(1, input.name()).add(2, input.datatype().toString());
            for (long dimension : input.shape()) {
                tensor.add(3, dimension);
            }
            request.add(5, tensor);
        }
        inputs.forEach(input -> request.add(7, Question.bytes(input)));
        return request.bytes();
    }
}
