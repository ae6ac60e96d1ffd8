package dev.teal.benchmark;

import dev.teal.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The table, and the numbers behind it. */
final class Report {
    private final List<Row> rows = new ArrayList<>();

    void add(List<Row> measured) {
        rows.addAll(measured);
        measured.stream()
                .filter(Report::disturbed)
                .findFirst()
                .ifPresent(
                        row -> System.err.println(
                                "  NOTE: something else took part of the core; throughput and waiting mean nothing, CPU times may be a third off"));
        measured.forEach(row -> System.err.printf("  %s: %s (target %s)%n", row.what(), row.result(), row.target()));
    }

    private static boolean disturbed(Row row) {
        return row.raw().get("coreShare") instanceof List<?> shares
                && shares.stream().allMatch(share -> share instanceof Double number && number < 0.9);
    }

    String markdown() {
        StringBuilder table = new StringBuilder("| What | Target | Measured |\n|---|---|---|\n");
        rows.forEach(row -> table.append("| ")
                .append(String.join(" | ", row.what(), row.target(), row.result()))
                .append(" |\n"));
        table.append("\nRaw numbers:\n\n```\n");
        rows.stream()
                .filter(row -> !row.raw().isEmpty())
                .forEach(row -> table.append(row.what())
                        .append(": ")
                        .append(Json.MAPPER.writeValueAsString(rounded(row.raw())))
                        .append('\n'));
        return table.append("```\n").toString();
    }

    private static Object rounded(Object value) {
        return switch (value) {
            case Double number -> Math.round(number * 1000) / 1000.0;
            case List<?> list -> list.stream().map(Report::rounded).toList();
            case Map<?, ?> map -> {
                Map<String, Object> ordered = new TreeMap<>();
                map.forEach((key, each) -> ordered.put(key.toString(), rounded(each)));
                yield ordered;
            }
            default -> value;
        };
    }

    void write(Path file) throws IOException {
        Files.write(file, Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(rows));
    }
}
