package dev.teal.benchmark;

import java.io.IOException;
import java.util.List;

/** The tabular model by JSON: the worker and the naive server take turns on one core. */
record PeerScenario() implements Scenario {
    private static final int CONNECTIONS = 16;

    @Override
    public String name() {
        return "peer";
    }

    @Override
    public List<Row> run(Bench bench) throws IOException {
        BenchmarkModel model = Models.tabular();
        Dialogue.Script script = HttpDialogue.asking(Question.json(WorkerProcess.INFER, model.question()));
        try (WorkerProcess worker = bench.start().serve(model);
                NaiveProcess naive = NaiveProcess.start(model, bench.log())) {
            Saturation ours = new Saturation(worker.process(), worker.inference(), CONNECTIONS, script);
            Saturation theirs = new Saturation(naive.process(), naive.address(), CONNECTIONS, script);
            ours.warmUp(bench.warmUp());
            theirs.warmUp(bench.warmUp().multipliedBy(2));
            for (int round = 0; round < bench.rounds(); round++) {
                ours.round(bench.round());
                theirs.round(bench.round());
            }
            double rate = theirs.perSecond().median() / 2;
            Load.Result their = theirs.at(rate, bench.halfLoad());
            Load.Result our = ours.at(rate, bench.halfLoad());
            double times = theirs.cpuMicros().median() / ours.cpuMicros().median();
            return List.of(
                    new Row(
                            "tabular, JSON: naive Spring MVC server, CPU a request",
                            "–",
                            theirs.cpuMicros().text("µs"),
                            theirs.raw()),
                    new Row(
                            "tabular, JSON: naive server ÷ worker, CPU a request",
                            "≥ 3",
                            Spread.round(times),
                            ours.raw()),
                    ServedScenario.halfLoad("tabular, JSON, naive server", their),
                    new Row(
                            "tabular, JSON: p50 / p99 at half of the naive server's load",
                            "p99 ≤ %s ms".formatted(Spread.round(their.millisAt(99))),
                            ServedScenario.waits(our),
                            ServedScenario.raw(our)));
        }
    }
}
