package dev.teal.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** {@code ./teal bench worker}: the worker on one core, the load on the other, and what it is compared with in the same run. */
final class WorkerBenchmark {
    private static final int CANNOT_RUN = 2;
    private static final int CORES = 2;

    private WorkerBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(System.getProperty("teal.root", "."));
        try {
            Arguments parsed = Arguments.parse(root, arguments);
            run(parsed, chosen(parsed), root);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(CANNOT_RUN);
        }
    }

    private static void run(Arguments arguments, List<Scenario> scenarios, Path root) throws IOException {
        requirePrepared(arguments.worker());
        Path log = root.resolve("target").resolve("benchmark.log");
        Files.createDirectories(log.getParent());
        Files.deleteIfExists(log);
        Report report = new Report();
        for (Scenario scenario : scenarios) {
            System.err.println(scenario.name() + " …");
            Optional<Path> recording = arguments.profile()
                    ? Optional.of(log.resolveSibling("benchmark-" + scenario.name() + ".jfr"))
                    : Optional.empty();
            Bench bench = new Bench(arguments.worker(), log, arguments.quick(), recording);
            try {
                report.add(scenario.run(bench));
            } catch (IOException e) {
                report.add(List.of(new Row(scenario.name(), "–", "not measured: " + e.getMessage(), Map.of())));
            }
        }
        System.out.println(report.markdown());
        if (arguments.json().isPresent()) {
            report.write(arguments.json().get());
        }
    }

    private static List<Scenario> chosen(Arguments arguments) throws IOException {
        List<Scenario> all = scenarios();
        if (arguments.only().isEmpty()) {
            return all;
        }
        String wanted = arguments.only().get();
        List<Scenario> chosen = all.stream()
                .filter(scenario -> scenario.name().startsWith(wanted))
                .toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("nothing is called " + wanted + "; there are "
                    + all.stream().map(Scenario::name).collect(Collectors.joining(", ")));
        }
        return chosen;
    }

    private static List<Scenario> scenarios() throws IOException {
        BenchmarkModel tabular = Models.tabular();
        BenchmarkModel image = Models.image();
        return List.of(
                new ServedScenario("tabular-json", "tabular, JSON", "tabular", http(json(tabular)), 16, 40),
                new PeerScenario(),
                new ServedScenario("tabular-binary", "tabular, binary", "tabular", http(binary(tabular)), 16, 30),
                new ServedScenario(
                        "tabular-grpc",
                        "tabular, gRPC",
                        "tabular",
                        GrpcDialogue.calling(GrpcMessage.INFER, GrpcMessage.raw("model", tabular.question())),
                        16,
                        45),
                new ServedScenario("image-binary", "image, binary", "image", http(binary(image)), 4, 250),
                new ServedScenario("image-json", "image, JSON", "image", http(json(image)), 4, 6_000),
                embedding("embedding-binary", "embedding, binary, each text by itself", true, false),
                embedding("embedding-json", "embedding, JSON, each text by itself", false, false),
                embedding("embedding-batched-binary", "embedding, binary, max_batch_size 8", true, true),
                embedding("embedding-batched-json", "embedding, JSON, max_batch_size 8", false, true),
                new EmbeddingScenario(
                        "embedding-long-binary", "embedding of 64 tokens, binary", "–", "embedding-long", true, false),
                new ColdScenario(),
                new MemoryScenario(),
                new SoakScenario(),
                new CyclesScenario());
    }

    private static Scenario embedding(String name, String label, boolean binary, boolean batched) {
        return new EmbeddingScenario(name, label, "≥ 0.97", "embedding", binary, batched);
    }

    private static ByteBuffer json(BenchmarkModel model) {
        return Question.json(WorkerProcess.INFER, model.question());
    }

    private static ByteBuffer binary(BenchmarkModel model) {
        return Question.binary(WorkerProcess.INFER, model.question());
    }

    private static Dialogue.Script http(ByteBuffer question) {
        return HttpDialogue.asking(question);
    }

    /** A number from anything else than what the fleet runs would be another number. */
    private static void requirePrepared(Path worker) {
        if (Runtime.version().feature() < 25 || !Files.isRegularFile(worker)) {
            throw new IllegalArgumentException(
                    "There is no worker at " + worker + ": run ./teal bench worker, which builds it");
        }
        if (!WorkerProcess.launch(worker).isPrepared()) {
            throw new IllegalArgumentException(
                    "The worker is not prepared since it was built: ./teal up does it, or see inference-worker/README.md");
        }
        try {
            Process taskset = new ProcessBuilder(
                            "taskset", "-c", PinnedProcess.SERVER_CORE + "," + PinnedProcess.LOAD_CORE, "true")
                    .start();
            if (taskset.waitFor() != 0) {
                throw new IllegalArgumentException(
                        "Measuring takes " + CORES + " processor cores, and taskset refuses them");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("taskset pins processes to cores: sudo apt-get install util-linux", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalArgumentException("interrupted", e);
        }
    }
}
