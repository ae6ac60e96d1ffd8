package dev.teal.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Requests of random shapes, a million of them: does memory come to rest? */
record SoakScenario() implements Scenario {
    private static final int CONNECTIONS = 16;
    private static final int SHAPES = 997;
    private static final long REQUESTS = 1_000_000;

    @Override
    public String name() {
        return "soak";
    }

    @Override
    public List<Row> run(Bench bench) throws IOException {
        BenchmarkModel model = Models.anyMatrix();
        try (WorkerProcess worker = bench.start().serve(model);
                Load load = new Load(worker.inference(), CONNECTIONS, HttpDialogue.asking(questions(worker)))) {
            load.saturate(bench.scaled(REQUESTS) / 10);
            long warm = worker.process().residentBytes();
            List<Double> megabytes = new ArrayList<>();
            double seconds = 0;
            for (int part = 0; part < 10; part++) {
                seconds += load.saturate(bench.scaled(REQUESTS) / 10).seconds();
                megabytes.add(worker.process().residentBytes() / 1e6);
            }
            double growth = 100 * (megabytes.getLast() * 1e6 / warm - 1);
            return List.of(new Row(
                    "%,d requests of random shapes: growth of resident memory".formatted(bench.scaled(REQUESTS)),
                    "< 5 %",
                    "%.1f %%, %.0f → %.0f MB".formatted(growth, warm / 1e6, megabytes.getLast()),
                    Map.of("warmMegabytes", warm / 1e6, "megabytes", megabytes, "seconds", seconds)));
        }
    }

    /** 1 to 24 rows of 1 to 48 columns, every second one by the binary extension where the worker knows it. */
    private static List<ByteBuffer> questions(WorkerProcess worker) throws IOException {
        boolean binary = worker.knows("binary_tensor_data");
        SplittableRandom random = new SplittableRandom(11);
        List<ByteBuffer> questions = new ArrayList<>();
        for (int i = 0; i < SHAPES; i++) {
            var matrix = List.of(Tensors.floats("x", i, random.nextInt(1, 25), random.nextInt(1, 49)));
            questions.add(
                    binary && i % 2 == 0
                            ? Question.binary(WorkerProcess.INFER, matrix)
                            : Question.json(WorkerProcess.INFER, matrix));
        }
        return questions;
    }
}
