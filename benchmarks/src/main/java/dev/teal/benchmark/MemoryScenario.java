package dev.teal.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a worker that waits in the pool takes. */
record MemoryScenario() implements Scenario {
    @Override
    public String name() {
        return "memory";
    }

    @Override
    public List<Row> run(Bench bench) throws IOException {
        List<Double> megabytes = new ArrayList<>();
        List<String> kinds = new ArrayList<>();
        for (int round = 0; round < bench.rounds() - 2; round++) {
            try (WorkerProcess worker = bench.start()) {
                worker.awaitNothing();
                megabytes.add(worker.process().residentBytes() / 1e6);
                kinds.add(worker.process().memoryByKind());
            }
        }
        return List.of(new Row(
                "unassigned worker: resident memory",
                "≤ 80 MB",
                new Spread(megabytes).text("MB"),
                Map.of("megabytes", megabytes, "kinds", kinds)));
    }
}
