package dev.teal.protocol.grpc;

import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.RequestBody;
import dev.teal.protocol.oip.RequestLimits;
import dev.teal.protocol.oip.RequestedOutput;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorAllocator;
import dev.teal.protocol.wire.WireType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads one {@code ModelInferRequest}. Fields come in any order, so a first walk notes where the elements lie; they are copied once all is
 * known that they must fit.
 */
final class ModelInferReader {
    private static final String FINAL_RESPONSE = "triton_enable_empty_final_response";

    private final WireReader reader;
    private final TensorAllocator memory;
    private final List<InputReader> inputs = new ArrayList<>(4);
    private final List<RequestedOutput> outputs = new ArrayList<>(4);
    private final List<Segment> raw = new ArrayList<>(4);
    private Parameters parameters = Parameters.NONE;
    private String model = "";
    private String version = "";
    private String id = "";

    /** Where bytes lie in the message. */
    record Segment(int start, int length) {
        static Segment next(WireReader reader) {
            int length = reader.length();
            int start = reader.position();
            reader.pass(length);
            return new Segment(start, length);
        }
    }

    ModelInferReader(RequestBody message, TensorAllocator memory) {
        this.reader = new WireReader(message);
        this.memory = memory;
    }

    static String name(WireReader reader, String what) {
        return reader.text(RequestLimits.NAME_BYTES, what);
    }

    ModelInferRequest read() {
        while (reader.more()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireType.BYTES -> model = name(reader, "the model's name");
                case 2 << 3 | WireType.BYTES -> version = name(reader, "the model's version");
                case 3 << 3 | WireType.BYTES -> id = reader.text(RequestLimits.ID_BYTES, "the request's id");
                case 4 << 3 | WireType.BYTES -> parameters = parameters.read(reader);
                case 5 << 3 | WireType.BYTES -> bounded(inputs, "inputs").add(InputReader.next(reader));
                case 6 << 3 | WireType.BYTES -> output();
                case 7 << 3 | WireType.BYTES ->
                    bounded(raw, "raw_input_contents").add(Segment.next(reader));
                default -> reader.skip(tag);
            }
        }
        ModelInferRequest.Target target = ModelInferRequest.target(model, version);
        refuseReserved();
        return new ModelInferRequest(
                target.model(),
                target.version(),
                parameters.flag(FINAL_RESPONSE),
                new InferenceRequest(
                        id.isEmpty() ? null : id, ModelInferRequest.schedule(parameters), tensors(), outputs, true));
    }

    private static <T> List<T> bounded(List<T> list, String what) {
        RequestLimits.requireTensors(list.size(), what);
        return list;
    }

    private void output() {
        String name = "";
        Parameters said = Parameters.NONE;
        int outer = reader.enter();
        while (reader.more()) {
            int tag = reader.tag();
            switch (tag) {
                case 1 << 3 | WireType.BYTES -> name = name(reader, "an output's name");
                case 2 << 3 | WireType.BYTES -> said = said.read(reader);
                default -> reader.skip(tag);
            }
        }
        reader.leave(outer);
        if (name.isEmpty()) {
            throw new InvalidInference("an output needs a 'name'");
        }
        said.refuseSharedMemory(name);
        for (RequestedOutput other : bounded(outputs, "outputs")) {
            if (other.name().equals(name)) {
                throw new InvalidInference("output '" + name + "' already exists in request");
            }
        }
        int classes = (int) Math.min(Integer.MAX_VALUE, said.whole("classification", 1, 0));
        outputs.add(new RequestedOutput(name, true, classes));
    }

    private void refuseReserved() {
        for (String name : parameters.names()) {
            if (name.startsWith("triton_") && !name.equals(FINAL_RESPONSE)) {
                throw new InvalidInference("parameter '" + name
                        + "' is reserved, as all are that begin with 'triton_'; of them there is only '"
                        + FINAL_RESPONSE + "'");
            }
        }
    }

    private List<Tensor> tensors() {
        boolean isRaw = !raw.isEmpty();
        if (isRaw && raw.size() != inputs.size()) {
            throw new InvalidInference("raw_input_contents must be one for each of the inputs, got " + raw.size()
                    + " for " + inputs.size() + " inputs of model '" + model + "'");
        }
        Set<String> names = new HashSet<>();
        List<Tensor> tensors = new ArrayList<>(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            InputReader input = inputs.get(i);
            if (!names.add(input.name())) {
                throw new InvalidInference("input '" + input.name() + "' already exists in request");
            }
            tensors.add(isRaw ? input.raw(raw.get(i), model, memory) : input.typed(model, memory));
        }
        return tensors;
    }
}
