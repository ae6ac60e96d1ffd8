package dev.teal.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The demo model's data: requests made of its test rows, and the right answer of each good version to each row. */
final class FraudDetection {
    /** What ONNX Runtime may differ by from the float64 answers, and far below what versions 1 and 2 differ by. */
    private static final double TOLERANCE = 1e-4;

    private static final int FEATURES = 8;
    static final Path DIRECTORY = Path.of(System.getProperty("teal.root"), "examples", "models", "fraud-detection");

    private final List<String[]> cells;
    private final List<String> bodies;
    private final Map<String, double[]> fraudProbability;

    FraudDetection() {
        cells = lines("test.csv").map(line -> line.split(",")).toList();
        bodies = cells.stream().map(FraudDetection::body).toList();
        fraudProbability = Map.of("1", expected("v1.expected.csv"), "2", expected("v2.expected.csv"));
    }

    int rows() {
        return bodies.size();
    }

    float[] features(int row) {
        float[] features = new float[FEATURES];
        for (int i = 0; i < FEATURES; i++) {
            features[i] = Float.parseFloat(cells.get(row)[i]);
        }
        return features;
    }

    long category(int row) {
        return Long.parseLong(cells.get(row)[FEATURES]);
    }

    String body(int row) {
        return bodies.get(row);
    }

    /** Whether an answer to {@code row} is that version's, within the tolerance. */
    boolean isAnswerOf(String version, int row, double fraud) {
        double[] expected = fraudProbability.get(version);
        return expected != null && Math.abs(expected[row] - fraud) <= TOLERANCE;
    }

    /** Whether the two versions' answers to this row differ by so much that an answer shows who gave it. */
    boolean tellsVersionsApart(int row) {
        return Math.abs(fraudProbability.get("1")[row] - fraudProbability.get("2")[row]) > 4 * TOLERANCE;
    }

    /** The probability of fraud in the answer to a single row. */
    static double fraudOf(JsonNode answer) {
        for (JsonNode output : answer.path("outputs")) {
            if (output.path("name").asString("").equals("probabilities")) {
                return output.path("data").path(1).asDouble(Double.NaN);
            }
        }
        throw new AssertionError("no output named probabilities in " + answer);
    }

    private static double[] expected(String file) {
        return lines(file)
                .mapToDouble(line -> Double.parseDouble(line.split(",")[1]))
                .toArray();
    }

    private static String body(String[] values) {
        String features = String.join(",", Arrays.copyOf(values, FEATURES));
        return """
                {"inputs":[{"name":"features","shape":[1,8],"datatype":"FP32","data":[%s]},\
                {"name":"merchant_category","shape":[1],"datatype":"INT64","data":[%s]}]}""".formatted(features, values[FEATURES]);
    }

    private static Stream<String> lines(String file) {
        try {
            return Files.readAllLines(DIRECTORY.resolve(file)).stream().skip(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
