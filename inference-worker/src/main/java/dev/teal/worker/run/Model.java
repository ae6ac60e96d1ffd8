package dev.teal.worker.run;

import dev.teal.protocol.oip.Classification;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.InvalidInference;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.RequestedOutput;
import dev.teal.protocol.oip.Tensor;
import dev.teal.protocol.oip.TensorSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A model version as clients see it: its name is the endpoint's. Errors use the words that clients of other servers know. */
public final class Model {
    private final String name;
    private final String version;
    private final ModelSignature signature;
    private final ModelConfig config;
    private final List<String> outputNames;
    private final Map<String, Integer> inputPlaces = new HashMap<>();
    private final boolean rowsFirst;
    private final boolean batched;

    public Model(String name, String version, ModelSignature signature, ModelConfig config) {
        this.name = name;
        this.version = version;
        this.signature = signature;
        this.config = config;
        this.outputNames = signature.outputs().stream().map(TensorSpec::name).toList();
        for (int i = 0; i < signature.inputs().size(); i++) {
            inputPlaces.put(signature.inputs().get(i).name(), i);
        }
        this.rowsFirst = signature.rowsFirst();
        this.batched = config.isBatched(signature);
    }

    public String name() {
        return name;
    }

    public String version() {
        return version;
    }

    public ModelSignature signature() {
        return signature;
    }

    public ModelConfig config() {
        return config;
    }

    List<String> outputNames() {
        return outputNames;
    }

    /** Whether the shapes allow that first dimensions count rows; whether they do is for the model to show. */
    boolean rowsFirst() {
        return rowsFirst;
    }

    /** Whether clients are told that first dimensions are a batch's. */
    boolean batched() {
        return batched;
    }

    /** @return its inputs in the model's order. @throws InvalidInference if the request is not one of this model's */
    List<Tensor> fit(InferenceRequest request) {
        int expected = signature.inputs().size();
        if (request.inputs().size() != expected) {
            throw new InvalidInference("expected " + expected + " inputs but got "
                    + request.inputs().size() + " inputs for model '" + name + "'");
        }
        Tensor[] inputs = new Tensor[expected];
        for (Tensor input : request.inputs()) {
            Integer place = inputPlaces.get(input.name());
            if (place == null) {
                throw new InvalidInference("unexpected inference input '" + input.name() + "' for model '" + name
                        + "'; it has "
                        + signature.inputs().stream().map(TensorSpec::name).toList());
            }
            requireFit(input, signature.inputs().get(place));
            inputs[place] = input;
        }
        for (RequestedOutput output : request.outputs()) {
            if (!outputNames.contains(output.name())) {
                throw new InvalidInference("unexpected inference output '" + output.name() + "' for model '" + name
                        + "'; it has " + outputNames);
            }
        }
        List<Tensor> fitting = List.of(inputs);
        requireBatchSize(fitting);
        return fitting;
    }

    private void requireFit(Tensor input, TensorSpec spec) {
        if (input.datatype() != spec.datatype()) {
            throw new InvalidInference("inference input '" + input.name() + "' data-type is '" + input.datatype()
                    + "', but model '" + name + "' expects '" + spec.datatype() + "'");
        }
        if (spec.misfit(input) != null) {
            throw new InvalidInference("unexpected shape for input '" + input.name() + "' for model '" + name
                    + "'. Expected " + text(spec.shape()) + ", got "
                    + text(Arrays.stream(input.shape()).boxed().toList()));
        }
    }

    private void requireBatchSize(List<Tensor> inputs) {
        Integer most = config.maxBatchSize();
        if (most == null || most == 0) {
            return;
        }
        long batch = -1;
        for (Tensor input : inputs) {
            if (input.shape().length == 0) {
                continue;
            }
            long rows = input.shape()[0];
            if (rows > most) {
                throw new InvalidInference("inference request batch-size must be <= " + most + " for '" + name + "'");
            }
            if (batch >= 0 && rows != batch) {
                throw new InvalidInference(DeclaredShapes.otherRows(input.name(), name));
            }
            batch = rows;
        }
    }

    private static String text(List<Long> shape) {
        return shape.toString().replace(" ", "");
    }

    /** Names of the outputs that a request wants, in the model's order. */
    List<String> wanted(InferenceRequest request) {
        if (request.outputs().isEmpty()) {
            return outputNames;
        }
        List<String> wanted = new ArrayList<>(request.outputs().size());
        for (String output : outputNames) {
            if (requested(request, output) != null) {
                wanted.add(output);
            }
        }
        return wanted;
    }

    private static @Nullable RequestedOutput requested(InferenceRequest request, String output) {
        for (RequestedOutput requested : request.outputs()) {
            if (requested.name().equals(output)) {
                return requested;
            }
        }
        return null;
    }

    /** An output as it was asked for: itself, or its greatest elements with their labels. */
    Tensor asAsked(InferenceRequest request, Tensor output) {
        RequestedOutput asked = requested(request, output.name());
        return asked == null || asked.classification() == 0
                ? output
                : Classification.of(
                        output,
                        batched && output.shape().length > 0,
                        asked.classification(),
                        config.labels().get(output.name()));
    }
}
