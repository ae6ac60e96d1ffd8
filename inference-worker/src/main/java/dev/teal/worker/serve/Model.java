package dev.teal.worker.serve;

import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InferenceResponse;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.RequestedOutput;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.worker.onnx.OnnxFailure;
import dev.teal.worker.onnx.OnnxSession;
import dev.teal.worker.onnx.RunControl;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A model version as clients see it: its name is the endpoint's. Errors use the words that clients of other servers know. */
public final class Model {
    private final String name;
    private final String version;
    private final ModelSignature signature;
    private final OnnxSession session;
    private final List<String> allOutputs;

    public Model(String name, String version, ModelSignature signature, OnnxSession session) {
        this.name = name;
        this.version = version;
        this.signature = signature;
        this.session = session;
        this.allOutputs = signature.outputs().stream().map(TensorSpec::name).toList();
    }

    public String name() {
        return name;
    }

    public String version() {
        return version;
    }

    /** @throws InvalidInference if the request is not one of this model's, @throws OnnxFailure if the model fails on it */
    public InferenceResponse answer(InferenceRequest request, RunControl control) throws OnnxFailure {
        requireFit(request);
        List<String> named =
                request.outputs().stream().map(RequestedOutput::name).toList();
        List<String> wanted = named.isEmpty()
                ? allOutputs
                : allOutputs.stream().filter(named::contains).toList();
        return new InferenceResponse(name, version, request.id(), session.run(request.inputs(), wanted, control));
    }

    private void requireFit(InferenceRequest request) {
        for (Tensor input : request.inputs()) {
            requireFit(input);
        }
        if (request.inputs().size() != signature.inputs().size()) {
            throw new InvalidInference("expected " + signature.inputs().size() + " inputs but got "
                    + request.inputs().size() + " inputs for model '" + name + "'");
        }
        for (RequestedOutput requested : request.outputs()) {
            String output = requested.name();
            if (!allOutputs.contains(output)) {
                throw new InvalidInference(
                        "unexpected inference output '" + output + "' for model '" + name + "'; it has " + allOutputs);
            }
        }
    }

    private void requireFit(Tensor input) {
        TensorSpec spec = spec(input.name())
                .orElseThrow(() -> new InvalidInference("unexpected inference input '" + input.name() + "' for model '"
                        + name + "'; it has "
                        + signature.inputs().stream().map(TensorSpec::name).toList()));
        if (input.datatype() != spec.datatype()) {
            throw new InvalidInference("inference input '" + input.name() + "' data-type is '" + input.datatype()
                    + "', but model '" + name + "' expects '" + spec.datatype() + "'");
        }
        // A file may leave a shape open, which reads like a scalar's: then the runtime knows best.
        if (!spec.shape().isEmpty() && spec.misfit(input) != null) {
            throw new InvalidInference("unexpected shape for input '" + input.name() + "' for model '" + name
                    + "'. Expected " + text(spec.shape()) + ", got "
                    + text(Arrays.stream(input.shape()).boxed().toList()));
        }
    }

    private static String text(List<Long> shape) {
        return shape.toString().replace(" ", "");
    }

    private Optional<TensorSpec> spec(String input) {
        for (TensorSpec spec : signature.inputs()) {
            if (spec.name().equals(input)) {
                return Optional.of(spec);
            }
        }
        return Optional.empty();
    }

    /** The body of {@code GET /v2/models/{endpoint}}. */
    Map<String, Object> metadata() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", name);
        metadata.put("versions", List.of(version));
        metadata.put("platform", "onnxruntime_onnx");
        metadata.put("inputs", signature.inputs());
        metadata.put("outputs", signature.outputs());
        return metadata;
    }
}
