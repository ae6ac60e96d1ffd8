package dev.teal.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * CPU a request of one model by one way of asking, one core saturated, beside raw ONNX Runtime.
 *
 * @param label in the report
 * @param model a name of {@link Models}
 * @param connections that ask at once
 * @param targetMicros of CPU a request, at most
 */
record ServedScenario(
        String name, String label, String model, Dialogue.Script script, int connections, double targetMicros)
        implements Scenario {

    @Override
    public List<Row> run(Bench bench) throws IOException {
        try (WorkerProcess worker = bench.start().serve(Models.named(model));
                RawProcess raw = RawProcess.start(model, bench.log())) {
            return measure(bench, new Saturation(worker.process(), worker.inference(), connections, script), raw);
        }
    }

    private List<Row> measure(Bench bench, Saturation served, RawProcess raw) throws IOException {
        served.warmUp(bench.warmUp());
        raw.run(bench.warmUp().dividedBy(5));
        List<Double> rawMicros = new ArrayList<>();
        for (int round = 0; round < bench.rounds(); round++) {
            served.round(bench.round());
            rawMicros.add(raw.run(bench.round().dividedBy(2)).cpuMicros());
        }
        Load.Result half = served.half(bench.halfLoad());
        Spread cpu = served.cpuMicros();
        Spread floor = new Spread(rawMicros);
        String target = "≤ " + Spread.round(targetMicros) + " µs";
        return List.of(
                new Row(label + ": CPU a request", target, cpu.text("µs"), served.raw()),
                new Row(
                        label + ": raw ONNX Runtime in process, CPU a run",
                        "–",
                        floor.text("µs") + ", ratio " + Spread.round(cpu.median() / floor.median()),
                        Map.of("cpuMicros", floor.rounds())),
                halfLoad(label, half));
    }

    static Row halfLoad(String label, Load.Result half) {
        return new Row(label + ": p50 / p99 at half load", "–", waits(half), raw(half));
    }

    static String waits(Load.Result paced) {
        return "%s / %s ms at %s/s"
                .formatted(
                        Spread.round(paced.millisAt(50)),
                        Spread.round(paced.millisAt(99)),
                        Spread.round(paced.perSecond()));
    }

    static Map<String, Object> raw(Load.Result paced) {
        return Map.of("p50Millis", paced.millisAt(50), "p99Millis", paced.millisAt(99), "perSecond", paced.perSecond());
    }
}
