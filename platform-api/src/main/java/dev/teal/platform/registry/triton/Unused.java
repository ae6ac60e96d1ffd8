package dev.teal.platform.registry.triton;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What is read and noted: others do it here, or nobody needs to. */
final class Unused {
    private static final Set<String> GROUP = Set.of(
            "name", "kind", "count", "rate_limiter", "gpus", "secondary_devices", "profile", "passive", "host_policy");

    private Unused() {}

    static void note(Fields fields, String model, Notes notes) {
        String name = Objects.requireNonNullElse(fields.text("name"), "");
        notes.add(
                !name.isEmpty() && !name.equals(model),
                "name is not used: the model is '" + model + "' here, and clients call it by its endpoint's name");
        notes.add(fields.has("runtime"), "runtime is not used: it is ONNX Runtime");
        notes.add(fields.has("version_policy"), "version_policy is not used: an endpoint names its version");
        notes.add(
                fields.has("optimization"), "optimization is not used: workers choose what is fast on their processor");
        instances(fields, notes);
        String file = fields.text("default_model_filename");
        notes.add(
                file != null && !file.equals("model.onnx"),
                "default_model_filename is not used: the file is the upload");
        notes.add(fields.has("cc_model_filenames"), "cc_model_filenames is not used: workers run on the CPU");
        notes.add(fields.has("metric_tags"), "metric_tags is not used");
        notes.add(fields.has("model_metrics"), "model_metrics is not used");
        Map<String, Fields> parameters = fields.entries("parameters", Set.of("string_value"));
        notes.add(
                !parameters.isEmpty(),
                "parameters are not used: " + String.join(", ", new TreeSet<>(parameters.keySet())));
        Fields cache = fields.message("response_cache", Set.of("enable"));
        notes.add(
                cache != null && cache.flag("enable"),
                "response_cache is not used: set responseCache of the endpoint, which is its size");
    }

    private static void instances(Fields fields, Notes notes) {
        long count = 0;
        boolean gpu = false;
        for (Fields group : fields.messages("instance_group", GROUP)) {
            Long instances = group.number("count", 0, 1_000_000);
            count += instances == null ? 1 : instances;
            gpu |= "KIND_GPU".equals(group.word("kind"));
        }
        notes.add(
                count > 0,
                "instance_group (count " + count
                        + ") is not used: workers come and go with the load, from minWorkers to maxWorkers of the "
                        + "endpoint, and each computes workerConcurrency requests at once"
                        + (gpu ? "; they run on the CPU" : ""));
    }

    static void noteBatching(Fields dynamic, Notes notes) {
        notes.add(
                dynamic.has("preferred_batch_size"),
                "preferred_batch_size is not used: a worker learns what more rows cost and takes as many as pay");
        notes.add(
                dynamic.flag("preserve_ordering"), "preserve_ordering is not used: each answer belongs to its request");
        notes.add(
                dynamic.has("priority_levels") || dynamic.has("default_priority_level"),
                "priority levels are not used as such: a request's own priority parameter counts");
        notes.add(
                dynamic.has("default_queue_policy") || dynamic.has("priority_queue_policy"),
                "queue policies are not used: set requestDeadline of the endpoint, and a request's own timeout counts");
    }
}
