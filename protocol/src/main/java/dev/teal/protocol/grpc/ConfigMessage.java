package dev.teal.protocol.grpc;

import dev.teal.protocol.oip.ModelConfiguration;
import dev.teal.protocol.wire.WireWriter.Message;
import java.util.List;

/** {@code ModelConfig} as a message. */
final class ConfigMessage {
    /** By their numbers in the proto. */
    private static final List<String> DATA_TYPES = List.of(
            "TYPE_INVALID",
            "TYPE_BOOL",
            "TYPE_UINT8",
            "TYPE_UINT16",
            "TYPE_UINT32",
            "TYPE_UINT64",
            "TYPE_INT8",
            "TYPE_INT16",
            "TYPE_INT32",
            "TYPE_INT64",
            "TYPE_FP16",
            "TYPE_FP32",
            "TYPE_FP64",
            "TYPE_STRING",
            "TYPE_BF16");

    private static final List<String> KINDS = List.of("KIND_AUTO", "KIND_GPU", "KIND_CPU", "KIND_MODEL");

    private ConfigMessage() {}

    static Message of(ModelConfiguration config) {
        return to -> {
            to.add(1, config.name()).add(2, config.platform()).add(4, config.maxBatchSize());
            config.input()
                    .forEach(input -> to.message(
                            5,
                            spec -> spec.add(1, input.name())
                                    .add(2, number(DATA_TYPES, input.dataType()))
                                    .packed(4, input.dims())));
            config.output()
                    .forEach(output -> to.message(
                            6,
                            spec -> spec.add(1, output.name())
                                    .add(2, number(DATA_TYPES, output.dataType()))
                                    .packed(3, output.dims())
                                    .add(4, output.labelFilename() == null ? "" : output.labelFilename())));
            config.instanceGroup()
                    .forEach(group -> to.message(
                            7,
                            instances -> instances
                                    .add(1, group.name())
                                    .add(2, group.count())
                                    .add(4, number(KINDS, group.kind()))));
            to.add(8, config.defaultModelFilename());
            ModelConfiguration.DynamicBatching batching = config.dynamicBatching();
            if (batching != null) {
                to.message(
                        11,
                        dynamic -> dynamic.packed(
                                        1,
                                        batching.preferredBatchSize().stream()
                                                .map(Integer::longValue)
                                                .toList())
                                .add(2, batching.maxQueueDelayMicroseconds()));
            }
            config.modelWarmup().forEach(warmUp -> to.message(16, warmUp(warmUp)));
            to.add(17, config.backend());
            if (config.responseCache().enable()) {
                to.message(24, cache -> cache.add(1, true));
            }
        };
    }

    private static Message warmUp(ModelConfiguration.WarmUp warmUp) {
        return to -> {
            to.add(1, warmUp.name()).add(2, warmUp.batchSize());
            warmUp.inputs()
                    .forEach((name, input) ->
                            to.message(3, entry -> entry.add(1, name).message(2, warmUpInput(input))));
            to.add(4, warmUp.count());
        };
    }

    private static Message warmUpInput(ModelConfiguration.WarmUpInput input) {
        return to -> to.add(1, number(DATA_TYPES, input.dataType()))
                .packed(2, input.dims())
                .add(3, input.zeroData() != null)
                .add(4, input.randomData() != null);
    }

    private static int number(List<String> names, String name) {
        return Math.max(0, names.indexOf(name));
    }
}
