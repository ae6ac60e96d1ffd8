package dev.teal.platform.registry.triton;

import dev.teal.platform.registry.domain.ConfigMismatch;
import dev.teal.platform.registry.domain.InvalidConfig;
import dev.teal.platform.registry.domain.UnsupportedConfig;
import dev.teal.protocol.cell.Batching;
import dev.teal.protocol.oip.ModelConfig;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import dev.teal.protocol.textformat.TextFormat;
import dev.teal.protocol.textformat.TextFormatError;
import dev.teal.protocol.textformat.TextValue.Message;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads Triton's {@code ModelConfig} ({@code model_config.proto}). What applies becomes a {@link ModelConfig}; what makes no difference to answers is
 * noted; what would make one and is not here is refused.
 */
public final class TritonConfig {
    private static final Set<String> FIELDS = Set.of(
            "name",
            "platform",
            "backend",
            "runtime",
            "version_policy",
            "max_batch_size",
            "input",
            "output",
            "batch_input",
            "batch_output",
            "optimization",
            "dynamic_batching",
            "sequence_batching",
            "ensemble_scheduling",
            "instance_group",
            "default_model_filename",
            "cc_model_filenames",
            "metric_tags",
            "parameters",
            "model_warmup",
            "model_operations",
            "model_transaction_policy",
            "model_repository_agents",
            "response_cache",
            "model_metrics");

    private static final Set<String> PLATFORMS = Set.of("", "onnxruntime_onnx");
    private static final Set<String> BACKENDS = Set.of("", "onnxruntime");

    private final Fields fields;
    private final ModelSignature signature;
    private final Notes notes = new Notes();

    private TritonConfig(Fields fields, ModelSignature signature) {
        this.fields = fields;
        this.signature = signature;
    }

    /**
     * @param model the name that it is registered under
     * @param labels contents by file name
     * @throws dev.teal.platform.problem.domain.Refused saying where and what is wrong, or what is not here
     */
    public static ImportedConfig read(byte[] text, Map<String, byte[]> labels, String model, ModelSignature signature) {
        Fields fields = new Fields(parsed(text), "a model's configuration", FIELDS);
        return new TritonConfig(fields, signature).read(labels, model);
    }

    private static Message parsed(byte[] text) {
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(text))
                    .toString();
            return TextFormat.parse(decoded);
        } catch (CharacterCodingException e) {
            throw new InvalidConfig("line 1: it is not UTF-8");
        } catch (TextFormatError e) {
            throw new InvalidConfig(String.valueOf(e.getMessage()));
        }
    }

    private ImportedConfig read(Map<String, byte[]> labels, String model) {
        requireHere();
        Long rows = fields.number("max_batch_size", 0, 65_536);
        boolean batched = rows != null && rows > 0;
        List<DeclaredTensor> outputs = tensors("output", DeclaredTensor.OUTPUT, batched);
        List<String> differences = new ArrayList<>();
        List<DeclaredTensor> inputs = tensors("input", DeclaredTensor.INPUT, batched);
        compare("input", inputs, signature.inputs(), batched, differences);
        compare("output", outputs, signature.outputs(), batched, differences);
        ModelSignature narrowed = differences.isEmpty()
                ? new ModelSignature(
                        narrowed(inputs, signature.inputs()), narrowed(outputs, signature.outputs()), signature.opset())
                : signature;
        WarmUps warmUps = new WarmUps(rows == null ? 0 : rows, narrowed);
        var requests = warmUps.read(fields);
        differences.addAll(warmUps.differences());
        if (!differences.isEmpty()) {
            throw new ConfigMismatch(differences);
        }
        Batching batching = batching(rows);
        Unused.note(fields, model, notes);
        return new ImportedConfig(
                new ModelConfig(
                        rows == null ? null : (Integer) Math.toIntExact(rows),
                        batching,
                        new LabelFiles(labels).of(outputs),
                        requests,
                        labelFiles(outputs),
                        preferredRows()),
                narrowed,
                notes.all());
    }

    private static List<TensorSpec> narrowed(List<DeclaredTensor> declared, List<TensorSpec> specs) {
        return specs.stream()
                .map(spec -> declared.stream()
                        .filter(tensor -> tensor.name().equals(spec.name()))
                        .findFirst()
                        .map(tensor -> tensor.narrowed(spec))
                        .orElse(spec))
                .toList();
    }

    private static Map<String, String> labelFiles(List<DeclaredTensor> outputs) {
        Map<String, String> files = new HashMap<>();
        for (DeclaredTensor output : outputs) {
            if (output.labels() != null) {
                files.put(output.name(), output.labels());
            }
        }
        return files;
    }

    private List<Integer> preferredRows() {
        Fields dynamic = dynamicBatching();
        return dynamic == null
                ? List.of()
                : dynamic.numbers("preferred_batch_size", 1, 65_536).stream()
                        .map(Math::toIntExact)
                        .toList();
    }

    private void requireHere() {
        requireOneOf("platform", PLATFORMS, "onnxruntime_onnx");
        requireOneOf("backend", BACKENDS, "onnxruntime");
        refuse("sequence_batching", "state between requests is the client's to send");
        refuse("ensemble_scheduling", "a version is one model");
        refuse("batch_input", "inputs are what clients send");
        refuse("batch_output", "outputs are what the model gives");
        refuse("model_operations", "libraries of custom operators are never loaded");
        refuse("model_repository_agents", "a model is served as it was uploaded");
        Fields policy = fields.message("model_transaction_policy", Set.of("decoupled"));
        if (policy != null && policy.flag("decoupled")) {
            throw new UnsupportedConfig("decoupled answers; each request has one");
        }
    }

    private void requireOneOf(String name, Set<String> here, String wanted) {
        String given = fields.text(name);
        if (given != null && !here.contains(given)) {
            throw new UnsupportedConfig(
                    name + " '" + shortened(given) + "'; ONNX models run, with " + name + " '" + wanted + "'");
        }
    }

    private void refuse(String name, String reason) {
        if (fields.has(name)) {
            throw new UnsupportedConfig(name + "; " + reason);
        }
    }

    private static String shortened(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }

    private List<DeclaredTensor> tensors(String name, Set<String> known, boolean batched) {
        return fields.messages(name, known).stream()
                .map(tensor -> DeclaredTensor.read(tensor, batched, notes))
                .toList();
    }

    private static void compare(
            String what,
            List<DeclaredTensor> declared,
            List<TensorSpec> specs,
            boolean batched,
            List<String> differences) {
        Set<String> names = new HashSet<>();
        for (DeclaredTensor tensor : declared) {
            if (!names.add(tensor.name())) {
                differences.add(what + " '" + tensor.name() + "' is declared twice");
            }
            specs.stream()
                    .filter(spec -> spec.name().equals(tensor.name()))
                    .findFirst()
                    .ifPresentOrElse(
                            spec -> {
                                String misfit = tensor.misfit(spec, batched);
                                if (misfit != null) {
                                    differences.add(what + " " + misfit);
                                }
                            },
                            () -> differences.add(what + " '" + tensor.name() + "' is not in the file, which has "
                                    + specs.stream().map(TensorSpec::name).toList()));
        }
        for (TensorSpec spec : specs) {
            // Without a list the file's own counts, and outputs may be told in part; a missing input is a wrong request
            if (what.equals("input") && !declared.isEmpty() && !names.contains(spec.name())) {
                differences.add("input '" + spec.name() + "' of the file is not declared");
            }
            if (batched
                    && !names.contains(spec.name())
                    && (spec.shape().isEmpty() || spec.shape().getFirst() != -1)) {
                differences.add(what + " '" + spec.name() + "' has no open dimension in front for the batch "
                        + "(max_batch_size is above 0), in the file it is " + spec.shape());
            }
        }
    }

    /** Without a word on it, whatever the endpoint or the worker does; Triton completes such a configuration, too. */
    private @Nullable Batching batching(@Nullable Long rows) {
        Fields dynamic = dynamicBatching();
        if (rows != null && rows == 0) {
            notes.add(
                    dynamic != null,
                    "dynamic_batching is not used: max_batch_size is 0, so each request runs by itself");
            return new Batching(1, 0);
        }
        if (dynamic == null) {
            return null;
        }
        Unused.noteBatching(dynamic, notes);
        Long delay = dynamic.number("max_queue_delay_microseconds", 0, 1_000_000);
        notes.add(
                rows == null,
                "dynamic_batching is not used: max_batch_size is missing, set maxBatchRows of the endpoint");
        return rows == null ? null : new Batching(Math.toIntExact(rows), delay == null ? 0 : delay);
    }

    private @Nullable Fields dynamicBatching() {
        return fields.message(
                "dynamic_batching",
                Set.of(
                        "preferred_batch_size",
                        "max_queue_delay_microseconds",
                        "preserve_ordering",
                        "priority_levels",
                        "default_priority_level",
                        "default_queue_policy",
                        "priority_queue_policy"));
    }
}
