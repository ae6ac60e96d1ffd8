package dev.teal.platform.registry.triton;

import dev.teal.platform.registry.domain.InvalidConfig;
import dev.teal.platform.registry.domain.UnsupportedConfig;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelConfig.WarmUpRequest;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Requests that a worker makes before its first client's. Their data are made by the worker: files beside the model are not taken. */
final class WarmUps {
    private static final Set<String> SAMPLE = Set.of("name", "batch_size", "inputs", "count");
    private static final Set<String> INPUT = Set.of("data_type", "dims", "zero_data", "random_data", "input_data_file");
    private static final int MOST = 100;
    private static final int MOST_REPEATS = 1_000;
    private static final int LARGEST_BATCH = 65_536;
    private static final int TEXT_BYTES = 4;

    private final long maxRows;
    private final ModelSignature signature;
    private final List<String> differences = new ArrayList<>();

    /** @param maxRows {@code max_batch_size}; 0: shapes have no batch in front */
    WarmUps(long maxRows, ModelSignature signature) {
        this.maxRows = maxRows;
        this.signature = signature;
    }

    List<WarmUpRequest> read(Fields config) {
        List<Fields> samples = config.messages("model_warmup", SAMPLE);
        if (samples.size() > MOST) {
            throw new InvalidConfig(samples.getLast().place() + ": there are more than " + MOST + " warm-ups");
        }
        return samples.stream().map(this::sample).toList();
    }

    /** What is not of the file's signature, found while reading. */
    List<String> differences() {
        return differences;
    }

    private WarmUpRequest sample(Fields sample) {
        String name = Objects.requireNonNullElse(sample.text("name"), "");
        Long count = sample.number("count", 0, MOST_REPEATS);
        Long rows = sample.number("batch_size", 0, LARGEST_BATCH);
        if (maxRows > 0 && rows != null && rows > maxRows) {
            differences.add("warm-up '" + name + "' has a batch_size of " + rows + ", above max_batch_size");
        }
        List<WarmUpRequest.Input> inputs = new ArrayList<>();
        sample.entries("inputs", INPUT)
                .forEach((input, fields) ->
                        inputs.add(input(name, input, fields, rows == null ? 1 : Math.max(1, rows))));
        inputs.sort((one, other) -> one.name().compareTo(other.name()));
        for (TensorSpec spec : signature.inputs()) {
            if (inputs.stream().noneMatch(input -> input.name().equals(spec.name()))) {
                differences.add("warm-up '" + name + "' lacks the input '" + spec.name() + "'");
            }
        }
        // Left out it is once, as in Triton
        return new WarmUpRequest(name, count == null ? 1 : (int) Math.max(1, count), inputs);
    }

    private WarmUpRequest.Input input(String sample, String name, Fields fields, long rows) {
        String subject = "input '" + name + "' of warm-up '" + sample + "'";
        if (fields.has("input_data_file")) {
            throw new UnsupportedConfig(
                    "input_data_file of " + subject
                            + ", as no other files are kept with a version; register the data as golden samples, they warm up too");
        }
        boolean random = fields.flag("random_data");
        if (!random && !fields.flag("zero_data")) {
            throw new InvalidConfig(fields.place() + ": " + subject + " needs zero_data or random_data");
        }
        Datatype datatype = DeclaredTensor.datatype(fields);
        List<Long> shape = new ArrayList<>();
        if (maxRows > 0) {
            shape.add(rows);
        }
        shape.addAll(fields.numbers("dims", 0, Integer.MAX_VALUE));
        requireFew(shape, datatype, fields, subject);
        compare(subject, name, datatype, shape);
        return new WarmUpRequest.Input(name, datatype, shape, random);
    }

    private static void requireFew(List<Long> shape, Datatype datatype, Fields fields, String subject) {
        long bytes = datatype == Datatype.BYTES ? TEXT_BYTES : datatype.elementBytes();
        for (long size : shape) {
            bytes = Math.max(1, bytes) * size;
            if (bytes > WarmUpRequest.MOST_BYTES) {
                throw new InvalidConfig(
                        fields.place() + ": " + subject + " takes more than " + WarmUpRequest.MOST_BYTES + " bytes");
            }
        }
    }

    private void compare(String subject, String name, Datatype datatype, List<Long> shape) {
        var spec = signature.inputs().stream()
                .filter(input -> input.name().equals(name))
                .findFirst();
        if (spec.isEmpty()) {
            differences.add(subject + " is not in the file");
            return;
        }
        String misfit = new DeclaredTensor(name, datatype, shape, null).misfit(spec.get(), maxRows > 0);
        if (misfit != null) {
            differences.add(subject + ": " + misfit);
        }
    }
}
