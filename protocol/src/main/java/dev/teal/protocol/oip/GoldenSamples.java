package dev.teal.protocol.oip;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Golden samples as they are uploaded: a JSON array of inputs, outputs and a tolerance, {@link Tolerance#DEFAULT} where there is none. */
public final class GoldenSamples {
    private GoldenSamples() {}

    private static final byte[][] FIELDS = JsonObject.names("inputs", "outputs", "tolerance");
    private static final byte[][] LIMITS = JsonObject.names("rtol", "atol");

    /**
     * FP16 and BF16 may be numbers here, which requests must not have: the format is our own.
     *
     * @throws InvalidInference if the bytes are not such an array; samples are counted from 1 in messages
     */
    public static List<GoldenSample> read(byte[] json) {
        JsonCursor cursor = new JsonCursor(json, 0, json.length);
        if (!cursor.isArray()) {
            throw new InvalidInference(
                    "golden samples must be a JSON array of {\"inputs\", \"outputs\", \"tolerance\"}");
        }
        List<GoldenSample> samples = new ArrayList<>();
        for (boolean more = cursor.beginArray(); more; more = cursor.nextElement()) {
            samples.add(sample(cursor, "sample " + (samples.size() + 1)));
        }
        cursor.requireEnd();
        return List.copyOf(samples);
    }

    private static GoldenSample sample(JsonCursor cursor, String where) {
        try {
            return sample(cursor);
        } catch (InvalidInference e) {
            throw new InvalidInference(where + ": " + e.getMessage(), e);
        }
    }

    private static GoldenSample sample(JsonCursor cursor) {
        TensorSource source = new TensorSource(cursor, TensorAllocator.HEAP, null, true);
        List<Tensor> inputs = null;
        List<Tensor> outputs = null;
        Tolerance tolerance = Tolerance.DEFAULT;
        JsonObject sample = new JsonObject(cursor, FIELDS, "a golden sample", -1);
        while (sample.next()) {
            switch (sample.field()) {
                case 0 -> inputs = TensorReader.readAll(source, "inputs");
                case 1 -> outputs = TensorReader.readAll(source, "outputs");
                case 2 -> tolerance = tolerance(cursor);
                default -> cursor.skipValue();
            }
        }
        if (inputs == null || outputs == null || outputs.isEmpty()) {
            throw new InvalidInference(
                    "a golden sample needs 'inputs' and 'outputs', and at least one output to compare");
        }
        return new GoldenSample(inputs, outputs, tolerance);
    }

    private static Tolerance tolerance(JsonCursor cursor) {
        double rtol = Tolerance.DEFAULT.rtol();
        double atol = Tolerance.DEFAULT.atol();
        JsonObject tolerance = new JsonObject(cursor, LIMITS, "tolerance", -1);
        while (tolerance.next()) {
            switch (tolerance.field()) {
                case 0 -> rtol = limit(cursor, "rtol");
                case 1 -> atol = limit(cursor, "atol");
                default -> cursor.skipValue();
            }
        }
        return new Tolerance(rtol, atol);
    }

    private static double limit(JsonCursor cursor, String name) {
        double value = Double.NaN;
        if (JsonNumber.starts(cursor.token())) {
            value = cursor.number().toDouble();
        } else {
            cursor.skipValue();
        }
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
