package dev.teal.benchmark;

import dev.teal.protocol.oip.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How much of the runtime's throughput is left when the embedding is served: both have the one core, in turns. An 8-bit model scales its numbers
 * by the largest of the batch, so rows are not what they are alone, and the worker batches them only where the author says so.
 *
 * @param target of the ratio
 * @param model as {@link Models#named} knows it
 * @param batched the author says so, by {@code max_batch_size}
 */
record EmbeddingScenario(String name, String label, String target, String model, boolean binary, boolean batched)
        implements Scenario {
    private static final int CONNECTIONS = 4;
    private static final Map<String, Object> BATCHED =
            Map.of("config", Map.of("maxBatchSize", 8, "labels", Map.of(), "warmUps", List.of()));

    @Override
    public List<Row> run(Bench bench) throws IOException {
        BenchmarkModel served = Models.named(model);
        List<ByteBuffer> questions = texts(served.question()).stream()
                .map(text ->
                        binary ? Question.binary(WorkerProcess.INFER, text) : Question.json(WorkerProcess.INFER, text))
                .toList();
        try (WorkerProcess worker = bench.start().serve(served, batched ? BATCHED : Map.of());
                RawProcess raw = RawProcess.start(model, bench.log())) {
            Saturation saturation =
                    new Saturation(worker.process(), worker.inference(), CONNECTIONS, HttpDialogue.asking(questions));
            // A model of a millisecond sees a hundredth of the requests that a tiny one does: compilers take as much
            // longer
            saturation.warmUp(bench.warmUp().multipliedBy(3));
            raw.run(bench.warmUp().dividedBy(5));
            List<Double> rawPerSecond = new ArrayList<>();
            List<Double> rawMicros = new ArrayList<>();
            for (int round = 0; round < bench.rounds(); round++) {
                saturation.round(bench.round());
                RawProcess.Result result = raw.run(bench.round());
                rawPerSecond.add(result.perSecond());
                rawMicros.add(result.cpuMicros());
            }
            Spread floor = new Spread(rawPerSecond);
            Spread floorMicros = new Spread(rawMicros);
            double ratio = saturation.perSecond().median() / floor.median();
            double cpuRatio = floorMicros.median() / saturation.cpuMicros().median();
            return List.of(
                    new Row(
                            label + ": throughput ÷ raw ONNX Runtime",
                            target,
                            "%s (by CPU time %s)".formatted(Spread.round(ratio), Spread.round(cpuRatio)),
                            Map.of()),
                    new Row(
                            label + ": served / raw",
                            "–",
                            saturation.perSecond().text("/s") + " / " + floor.text("/s"),
                            Map.of(
                                    "served",
                                    saturation.raw(),
                                    "rawPerSecond",
                                    floor.rounds(),
                                    "rawCpuMicros",
                                    floorMicros.rounds())));
        }
    }

    /** As many texts of one length as there are connections: the words of one, moved on. The first token and the last stay what they are. */
    private static List<List<Tensor>> texts(List<Tensor> one) {
        Tensor ids = one.getFirst();
        List<List<Tensor>> texts = new ArrayList<>();
        for (int moved = 0; moved < CONNECTIONS; moved++) {
            LongBuffer from =
                    ids.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
            long[] words = new long[from.remaining()];
            from.get(words);
            long[] text = words.clone();
            int inner = words.length - 2;
            for (int i = 0; i < inner; i++) {
                text[1 + (i + moved) % inner] = words[1 + i];
            }
            List<Tensor> inputs = new ArrayList<>(one);
            inputs.set(0, Tensors.longs(ids.name(), text));
            texts.add(inputs);
        }
        return texts;
    }
}
