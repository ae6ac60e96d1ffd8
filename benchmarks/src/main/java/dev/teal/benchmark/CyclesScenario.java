package dev.teal.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Models come and go in one process: does their memory go with them? What still grows for being compiled does not for ever. */
record CyclesScenario() implements Scenario {
    private static final int WARM_UP = 20;
    private static final int CYCLES = 200;
    private static final int MORE = 800;
    private static final int PARTS = 10;

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
            int first = Math.toIntExact(bench.scaled(CYCLES));
            int more = Math.toIntExact(bench.scaled(MORE));
            Row asked = row(worker, first + " times", "< 5 %", first, warm, large, small);
            Row after = row(
                    worker, more + " times more", "–", more, worker.process().residentBytes(), large, small);
            return List.of(asked, after);
        }
    }

    private static Row row(
            WorkerProcess worker,
            String what,
            String target,
            int times,
            long before,
            BenchmarkModel large,
            BenchmarkModel small)
            throws IOException {
        List<Double> megabytes = new ArrayList<>();
        for (int part = 0; part < PARTS; part++) {
            cycle(worker, times / PARTS, large, small);
            megabytes.add(worker.process().residentBytes() / 1e6);
        }
        long end = settled(worker);
        double growth = 100 * ((double) end / before - 1);
        return new Row(
                what + " loaded, asked and unloaded: growth of resident memory",
                target,
                "%.1f %%, %.0f → %.0f MB".formatted(growth, before / 1e6, end / 1e6),
                Map.of("warmMegabytes", before / 1e6, "megabytes", megabytes, "endMegabytes", end / 1e6));
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
