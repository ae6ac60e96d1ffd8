package dev.teal.worker.bench;

import dev.teal.protocol.Color;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.worker.Assignment;
import dev.teal.protocol.worker.ColdStart;
import dev.teal.protocol.worker.WorkerLaunch;
import dev.teal.protocol.worker.WorkerStatus;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How long it takes to the first answer, with workers that are processes, over their sockets.
 *
 * <pre>
 * [--runs 7] [--models TINY,INT8,FP32] [--from process,pool] [--prepared DIR | none] [--cache DIR]
 * [--jvm "further options of the JVM"] [--worker "further options of the worker"]
 * </pre>
 *
 * One run before those that count; the table has medians, of each column by itself. Started with the property {@code teal.root}.
 */
public final class ColdStartBenchmark {
    private static final double LONGEST_KEEP_MILLIS = 60_000;

    private final Map<String, String> options = new LinkedHashMap<>(Map.of(
            "--runs",
            "7",
            "--models",
            "TINY,INT8,FP32",
            "--from",
            "process,pool",
            "--prepared",
            "",
            "--jvm",
            "",
            "--worker",
            "",
            "--cache",
            ""));
    private final Path root = Path.of(System.getProperty("teal.root", "."));
    private final Path target = root.resolve("inference-worker/target").toAbsolutePath();
    private final PrintStream out;

    private ColdStartBenchmark(PrintStream out, String... arguments) {
        this.out = out;
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            if (options.put(arguments[i], arguments[i + 1]) == null) {
                throw new IllegalArgumentException(
                        "unknown option " + arguments[i] + "; there are " + options.keySet());
            }
        }
    }

    public static void main(String... arguments) throws Exception {
        new ColdStartBenchmark(System.out, arguments).run();
    }

    private void run() throws Exception {
        out.println(
                "| from | model | fastest ms | median ms | up | verify | load | warm-up | test | answer | CPU ms | RSS MB before | own MB before | RSS MB | own MB |");
        out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (String from : options.get("--from").split(",")) {
            for (String name : options.get("--models").split(",")) {
                BenchModel model = BenchModel.valueOf(name.toUpperCase(Locale.ROOT));
                measure(from.equals("pool"), model);
            }
        }
    }

    private void measure(boolean pooled, BenchModel model) throws Exception {
        Path directory = target.resolve("bench");
        Path artifact = model.file(root, directory).toAbsolutePath();
        Path samples = samples(model, artifact, directory);
        Assignment assignment = assignment(model, artifact, samples);
        int runs = Integer.parseInt(options.get("--runs"));
        List<double[]> measured = new ArrayList<>();
        for (int run = 0; run <= runs; run++) {
            double[] one = start(pooled, assignment, "{\"inputs\": " + model.inputs() + "}");
            if (run > 0) {
                measured.add(one);
            }
        }
        StringBuilder row = new StringBuilder("| " + (pooled ? "pool" : "process") + " | " + model.title() + " |");
        row.append(String.format(
                Locale.ROOT,
                " %.1f |",
                measured.stream().mapToDouble(one -> one[0]).min().orElseThrow()));
        for (int column = 0; column < measured.getFirst().length; column++) {
            int at = column;
            double[] sorted =
                    measured.stream().mapToDouble(one -> one[at]).sorted().toArray();
            row.append(String.format(
                    Locale.ROOT,
                    column == 0 || column == 1 || column == 6 ? " %.1f |" : " %.0f |",
                    sorted[sorted.length / 2]));
        }
        out.println(row);
    }

    private double[] start(boolean pooled, Assignment assignment, String request) throws Exception {
        long begun = System.nanoTime();
        try (BenchedWorker worker = new BenchedWorker(launch(), words("--worker"))) {
            worker.awaitUp();
            double up = millisSince(begun);
            if (pooled) {
                worker.awaitCalm();
            }
            long residentBefore = worker.megabytes("VmRSS");
            long ownBefore = worker.megabytes("RssAnon");
            long claimed = pooled ? System.nanoTime() : begun;
            long cpu = pooled ? worker.cpuMillis() : 0;
            WorkerStatus ready = worker.prove(assignment);
            long readyNanos = System.nanoTime();
            worker.infer(request);
            double answered = millisSince(readyNanos);
            double total = millisSince(claimed);
            awaitKept(assignment);
            ColdStart phases = ready.coldStart();
            return new double[] {
                total,
                pooled ? 0 : up,
                phases.verifyMillis(),
                phases.loadMillis(),
                phases.warmUpMillis(),
                phases.testMillis(),
                answered,
                worker.cpuMillis() - cpu,
                residentBefore,
                ownBefore,
                worker.megabytes("VmRSS"),
                worker.megabytes("RssAnon")
            };
        }
    }

    /** What the first run leaves for the others, once its worker is calm. */
    private void awaitKept(Assignment assignment) throws IOException, InterruptedException {
        Path cache = Path.of(options.get("--cache"));
        String name = assignment.digest().substring(assignment.digest().indexOf(':') + 1);
        long begun = System.nanoTime();
        while (!options.get("--cache").isEmpty()
                && Files.isDirectory(cache)
                && Files.size(Path.of(assignment.artifactFile())) >= 1 << 20
                && millisSince(begun) < LONGEST_KEEP_MILLIS) {
            try (Stream<Path> files = Files.list(cache)) {
                if (files.map(file -> file.getFileName().toString())
                        .anyMatch(file -> file.startsWith(name) && file.endsWith(".ort"))) {
                    return;
                }
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static double millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e6;
    }

    private String[] words(String option) {
        String value = options.get(option);
        List<String> words = new ArrayList<>(
                value.isBlank() ? List.of() : Arrays.asList(value.strip().split("\\s+")));
        if (option.equals("--worker") && !options.get("--cache").isEmpty()) {
            words.addAll(List.of(
                    "--cache", Path.of(options.get("--cache")).toAbsolutePath().toString()));
        }
        return words.toArray(String[]::new);
    }

    /** The command up to the worker's options. */
    private List<String> launch() {
        String given = options.get("--prepared");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path prepared =
                given.isEmpty() ? target.resolve("prepared") : Path.of(given).toAbsolutePath();
        return new WorkerLaunch(java, target.resolve("inference-worker.jar"), prepared)
                .command(List.of(words("--jvm")));
    }

    private static Assignment assignment(BenchModel model, Path artifact, Path samples) throws IOException {
        return new Assignment(
                "bench",
                "bench",
                Color.BLUE,
                "bench",
                "1",
                BenchModel.digest(artifact),
                artifact.toString(),
                samples == null ? null : BenchModel.digest(samples),
                samples == null ? null : samples.toString(),
                model.signature(),
                new RuntimeSettings(1, 2));
    }

    /** One golden sample, of what the model answers here. */
    private Path samples(BenchModel model, Path artifact, Path directory) throws Exception {
        Path file = directory.resolve(model.name() + ".samples.json");
        if (!Files.exists(file)) {
            Files.createDirectories(directory);
            try (BenchedWorker worker = new BenchedWorker(launch())) {
                worker.awaitUp();
                worker.prove(assignment(model, artifact, null));
                String answer = worker.infer("{\"inputs\": " + model.inputs() + "}");
                String outputs = Json.MAPPER.readTree(answer).path("outputs").toString();
                Files.writeString(
                        file,
                        "[{\"inputs\": " + model.inputs() + ", \"outputs\": " + outputs
                                + ", \"tolerance\": {\"rtol\": 0.01, \"atol\": 0.001}}]");
            }
        }
        return file;
    }
}
