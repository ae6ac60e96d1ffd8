package dev.teal.protocol.grpc;

import dev.teal.protocol.oip.ModelStatistics;
import dev.teal.protocol.oip.ModelStatistics.Total;
import dev.teal.protocol.wire.WireWriter.Message;

/** {@code ModelStatistics} as a message. */
final class StatisticsMessage {
    private StatisticsMessage() {}

    static Message of(ModelStatistics model) {
        return to -> {
            to.add(1, model.name())
                    .add(2, model.version())
                    .add(3, model.lastInference())
                    .add(4, model.inferenceCount())
                    .add(5, model.executionCount())
                    .message(6, inference(model.inferenceStats()));
            model.batchStats()
                    .forEach(batch -> to.message(
                            7,
                            entry -> entry.add(1, batch.batchSize())
                                    .message(2, total(batch.computeInput()))
                                    .message(3, total(batch.computeInfer()))
                                    .message(4, total(batch.computeOutput()))));
            model.memoryUsage()
                    .forEach(memory -> to.message(
                            8,
                            entry -> entry.add(1, memory.type())
                                    .add(2, memory.id())
                                    .add(3, memory.byteSize())));
        };
    }

    private static Message inference(ModelStatistics.InferenceStats stats) {
        return to -> to.message(1, total(stats.success()))
                .message(2, total(stats.fail()))
                .message(3, total(stats.queue()))
                .message(4, total(stats.computeInput()))
                .message(5, total(stats.computeInfer()))
                .message(6, total(stats.computeOutput()))
                .message(7, total(stats.cacheHit()))
                .message(8, total(stats.cacheMiss()));
    }

    private static Message total(Total total) {
        return to -> to.add(1, total.count()).add(2, total.ns());
    }
}
