package dev.teal.protocol.oip;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Golden samples as they are uploaded: a JSON array of inputs, outputs and a tolerance, {@link Tolerance#DEFAULT} where there is none. */
public final class GoldenSamples {
    private GoldenSamples() {}

    /** @throws InvalidInference if the bytes are not such an array; samples are counted from 1 in messages */
    public static List<GoldenSample> read(byte[] json) {
        return InferenceJson.read(json, parser -> samples(parser, json));
    }

    private static List<GoldenSample> samples(JsonParser parser, byte[] json) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new InvalidInference(
                    "golden samples must be a JSON array of {\"inputs\", \"outputs\", \"tolerance\"}");
        }
        List<GoldenSample> samples = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            samples.add(sample(parser, json, "sample " + (samples.size() + 1)));
        }
        return List.copyOf(samples);
    }

    private static GoldenSample sample(JsonParser parser, byte[] json, String where) {
        try {
            return sample(parser, json);
        } catch (InvalidInference e) {
            throw new InvalidInference(where + ": " + e.getMessage(), e);
        }
    }

    private static GoldenSample sample(JsonParser parser, byte[] json) {
        InferenceJson.requireObject(parser, "a golden sample");
        List<Tensor> inputs = null;
        List<Tensor> outputs = null;
        Tolerance tolerance = Tolerance.DEFAULT;
        Set<String> seen = new HashSet<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            InferenceJson.requireOnce(seen, name, "a golden sample");
            parser.nextToken();
            switch (name) {
                case "inputs" -> inputs = InferenceJson.tensors(parser, json, "inputs");
                case "outputs" -> outputs = InferenceJson.tensors(parser, json, "outputs");
                case "tolerance" -> tolerance = tolerance(parser);
                default -> parser.skipChildren();
            }
        }
        if (inputs == null || outputs == null || outputs.isEmpty()) {
            throw new InvalidInference(
                    "a golden sample needs 'inputs' and 'outputs', and at least one output to compare");
        }
        return new GoldenSample(inputs, outputs, tolerance);
    }

    private static Tolerance tolerance(JsonParser parser) {
        InferenceJson.requireObject(parser, "tolerance");
        double rtol = Tolerance.DEFAULT.rtol();
        double atol = Tolerance.DEFAULT.atol();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            switch (name) {
                case "rtol" -> rtol = limit(parser, "rtol");
                case "atol" -> atol = limit(parser, "atol");
                default -> parser.skipChildren();
            }
        }
        return new Tolerance(rtol, atol);
    }

    private static double limit(JsonParser parser, String name) {
        double value = parser.currentToken().isNumeric() ? parser.getDoubleValue() : Double.NaN;
        if (!Double.isFinite(value) || value < 0) {
            throw new InvalidInference("'" + name + "' of a tolerance must be a number from 0 on");
        }
        return value;
    }

    /** @throws InvalidInference that names the first sample and tensor that the model can't take or give */
    public static void requireFit(List<GoldenSample> samples, ModelSignature signature) {
        for (int i = 0; i < samples.size(); i++) {
            String where = "sample " + (i + 1) + ": ";
            GoldenSample sample = samples.get(i);
            requireFit(where + "input ", sample.inputs(), signature.inputs());
            requireFit(where + "output ", sample.outputs(), signature.outputs());
            Set<String> given = sample.inputs().stream().map(Tensor::name).collect(Collectors.toSet());
            for (TensorSpec input : signature.inputs()) {
                if (!given.contains(input.name())) {
                    throw new InvalidInference(where + "input '" + input.name() + "' is missing");
                }
            }
        }
    }

    private static void requireFit(String where, List<Tensor> tensors, List<TensorSpec> specs) {
        var byName = specs.stream().collect(Collectors.toMap(TensorSpec::name, Function.identity()));
        for (Tensor tensor : tensors) {
            TensorSpec spec = byName.get(tensor.name());
            String misfit = spec == null ? "is not of this model; it has " + byName.keySet() : spec.misfit(tensor);
            if (misfit != null) {
                throw new InvalidInference(where + "'" + tensor.name() + "' " + misfit);
            }
        }
    }
}
