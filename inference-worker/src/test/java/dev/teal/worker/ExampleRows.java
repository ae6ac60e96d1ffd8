package dev.teal.worker;

import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.InferenceRequest;
import dev.teal.protocol.oip.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The rows of the examples' {@code test.csv} as requests, and their right answers from {@code v*.expected.csv}. */
final class ExampleRows {
    private ExampleRows() {}

    static List<String[]> read(Path csv) throws IOException {
        return Files.readAllLines(csv).stream()
                .skip(1)
                .map(line -> line.split(","))
                .toList();
    }

    static InferenceRequest fraud(List<String[]> rows) {
        ByteBuffer features = ByteBuffer.allocate(rows.size() * 32).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer categories = ByteBuffer.allocate(rows.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (String[] row : rows) {
            for (int i = 0; i < 8; i++) {
                features.putFloat(Float.parseFloat(row[i]));
            }
            categories.putLong(Long.parseLong(row[8]));
        }
        return new InferenceRequest(
                null,
                List.of(
                        new Tensor("features", Datatype.FP32, new long[] {rows.size(), 8}, features.flip()),
                        new Tensor("merchant_category", Datatype.INT64, new long[] {rows.size()}, categories.flip())),
                List.of());
    }

    static InferenceRequest product(List<String[]> rows) {
        return new InferenceRequest(
                null, List.of(strings("title", rows.stream().map(row -> row[0]).toList())), List.of());
    }

    static Tensor strings(String name, List<String> values) {
        int size = values.stream()
                .mapToInt(value -> 4 + value.getBytes(StandardCharsets.UTF_8).length)
                .sum();
        ByteBuffer data = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            data.putInt(bytes.length).put(bytes);
        }
        return new Tensor(name, Datatype.BYTES, new long[] {values.size()}, data.flip());
    }

    /** The label is whole in fraud-detection and text in product-categorization; the file has fraud's second probability alone. */
    static List<Tensor> expected(List<String[]> rows) {
        boolean fraud = rows.getFirst().length == 2;
        int classes = fraud ? 2 : rows.getFirst().length - 1;
        ByteBuffer probabilities =
                ByteBuffer.allocate(rows.size() * classes * 4).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer labels = ByteBuffer.allocate(rows.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (String[] row : rows) {
            if (fraud) {
                labels.putLong(Long.parseLong(row[0]));
                probabilities.putFloat(1 - Float.parseFloat(row[1]));
            }
            for (int i = 1; i < row.length; i++) {
                probabilities.putFloat(Float.parseFloat(row[i]));
            }
        }
        Tensor label = fraud
                ? new Tensor("label", Datatype.INT64, new long[] {rows.size()}, labels.flip())
                : strings("label", rows.stream().map(row -> row[0]).toList());
        return List.of(
                label,
                new Tensor("probabilities", Datatype.FP32, new long[] {rows.size(), classes}, probabilities.flip()));
    }
}
