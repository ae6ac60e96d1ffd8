package dev.teal.worker.prove;

import dev.teal.protocol.oip.ByteWriter;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceCodec;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.RequestedOutput;
import dev.teal.protocol.oip.Schedule;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorSpec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A request of the worker's to itself.
 *
 * @param jsonBytes how much of the body is JSON; -1: all of it
 */
record OwnRequest(byte[] body, int jsonBytes) {

    /** Whose tensors travel as they are: what is compared must not pass through decimals. @param outputs names; empty for all */
    static OwnRequest binary(List<Tensor> inputs, List<String> outputs) {
        boolean[] binary = new boolean[inputs.size()];
        Arrays.fill(binary, true);
        List<RequestedOutput> wanted =
                outputs.stream().map(name -> new RequestedOutput(name, true, 0)).toList();
        ByteWriter body = new ByteWriter();
        InferenceCodec.write(new InferenceRequest(null, Schedule.NONE, inputs, wanted, true), binary, body);
        int jsonBytes = body.size();
        InferenceCodec.writeBinary(inputs, binary, body);
        return new OwnRequest(body.toByteArray(), jsonBytes);
    }

    /** As most clients ask. */
    static OwnRequest json(List<Tensor> inputs) {
        ByteWriter body = new ByteWriter();
        InferenceCodec.write(new InferenceRequest(null, inputs, List.of()), new boolean[inputs.size()], body);
        return new OwnRequest(body.toByteArray(), -1);
    }

    /** Both ways, where JSON can carry the model's tensors. */
    static Stream<OwnRequest> usual(ModelSignature signature, List<Tensor> inputs) {
        boolean json = Stream.concat(signature.inputs().stream(), signature.outputs().stream())
                .map(TensorSpec::datatype)
                .noneMatch(datatype -> datatype == Datatype.FP16 || datatype == Datatype.BF16);
        OwnRequest binary = binary(inputs, List.of());
        return json ? Stream.of(json(inputs), binary) : Stream.of(binary);
    }
}
