package dev.teal.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Models come and go in one process: does their memory go with them? */
record CyclesScenario() implements Scenario {
    private static final int WARM_UP = 20;
    private static final int CYCLES = 200;

    @Override
    public String name() {
        return "cycles";
    }

    @Override
    public List<Row> run(Bench bench) throws IOException {
        BenchmarkModel large = Models.embedding();
        BenchmarkModel small = Models.tabular();
        try (WorkerProcess worker = bench.start()) {
            cycle(worker, WARM_UP, large, small);
            long warm = settled(worker);
            List<Double> megabytes = new ArrayList<>();
            for (int part = 0; part < 10; part++) {
                cycle(worker, Math.toIntExact(bench.scaled(CYCLES)) / 10, large, small);
                megabytes.add(worker.process().residentBytes() / 1e6);
            }
            long end = settled(worker);
            double growth = 100 * ((double) end / warm - 1);
            return List.of(new Row(
                    bench.scaled(CYCLES) + " times loaded, asked and unloaded: growth of resident memory",
                    "< 5 %",
                    "%.1f %%, %.0f → %.0f MB".formatted(growth, warm / 1e6, end / 1e6),
                    Map.of("warmMegabytes", warm / 1e6, "megabytes", megabytes, "endMegabytes", end / 1e6)));
        }
    }

    /** Compilers at work hold memory that the JVM gives back in the seconds after. */
    private static long settled(WorkerProcess worker) throws IOException {
        worker.awaitNothing();
        return worker.process().residentBytes();
    }

    /** The large one each second time, so that what is freed is not just taken again. */
    private static void cycle(WorkerProcess worker, int times, BenchmarkModel large, BenchmarkModel small)
            throws IOException {
        for (int i = 0; i < times; i++) {
            BenchmarkModel model = i % 2 == 0 ? large : small;
            worker.serve(model);
            try (Load load = new Load(
                    worker.inference(), 1, HttpDialogue.asking(Question.json(WorkerProcess.INFER, model.question())))) {
                load.saturate(3);
            }
            worker.unload();
        }
    }
}
