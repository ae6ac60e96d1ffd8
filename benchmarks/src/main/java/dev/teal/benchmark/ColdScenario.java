package dev.teal.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Starts, measured by the worker's own {@code ColdStartBenchmark} in a process of its own, on both cores as a start has them. */
record ColdScenario() implements Scenario {
    private static final String MAIN = "dev.teal.worker.bench.ColdStartBenchmark";

    /** By where a start begins and what its table calls the model. */
    private static final Map<String, String> TARGETS = Map.of(
            "pool fraud",
            "≤ 50 ms",
            "pool all-MiniLM-L6-v2 fp32",
            "≤ 200 ms",
            "process fraud",
            "≤ 300 ms",
            "process all-MiniLM-L6-v2 int8",
            "≤ 380 ms");

    @Override
    public String name() {
        return "cold";
    }

    @Override
    public List<Row> run(Bench bench) throws IOException {
        // As a cell has it: the run before those that count leaves each model optimised
        Path cache = Files.createTempDirectory("teal-bench-cache");
        Process process = new ProcessBuilder(command(bench, cache))
                .redirectError(ProcessBuilder.Redirect.appendTo(bench.log().toFile()))
                .start();
        List<String> columns = List.of();
        List<Row> rows = new ArrayList<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                List<String> cells = cells(line);
                if (line.startsWith("| from")) {
                    columns = cells;
                } else if (line.startsWith("| p")) {
                    rows.add(row(columns, cells));
                }
            }
        } finally {
            process.destroy();
            empty(cache);
        }
        if (rows.isEmpty()) {
            throw new IOException("the benchmark of starts gave nothing, see the log");
        }
        return rows;
    }

    private static List<String> command(Bench bench, Path cache) {
        return List.of(
                "taskset",
                "-c",
                PinnedProcess.SERVER_CORE + "," + PinnedProcess.LOAD_CORE,
                PinnedProcess.java(),
                "-Dteal.root=" + System.getProperty("teal.root", "."),
                "-cp",
                bench.worker().resolveSibling("test-classes") + ":"
                        + bench.worker().resolveSibling("lib") + "/*",
                MAIN,
                "--runs",
                bench.quick() ? "3" : "9",
                "--cache",
                cache.toString());
    }

    private static void empty(Path cache) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(cache)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(cache);
    }

    private static List<String> cells(String line) {
        return List.of(line.replaceAll("^\\|\\s*|\\s*\\|$", "").split("\\s*\\|\\s*"));
    }

    private static Row row(List<String> columns, List<String> cells) {
        Map<String, Object> raw = new LinkedHashMap<>();
        for (int i = 2; i < Math.min(columns.size(), cells.size()); i++) {
            raw.put(columns.get(i), cells.get(i));
        }
        String start = cells.get(0) + " " + cells.get(1);
        String target = TARGETS.entrySet().stream()
                .filter(entry -> start.startsWith(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("–");
        String from = cells.get(0).equals("pool") ? "claim of a pooled worker" : "process start";
        return new Row(
                from + " → first answer: " + cells.get(1),
                target,
                "%s ms (fastest %s)".formatted(raw.get("median ms"), raw.get("fastest ms")),
                raw);
    }
}
