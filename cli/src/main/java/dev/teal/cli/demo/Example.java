package dev.teal.cli.demo;

import dev.teal.protocol.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One input and the right answer of each version to it, from the golden samples: what shows, in every single response, whether the version
 * that the response names really computed it.
 *
 * @param body of an inference request
 * @param fraudByVersion the probability of fraud that a version gives
 */
record Example(byte[] body, Map<String, Double> fraudByVersion) {
    private static final double TOLERANCE = 1e-3;

    Example {
        fraudByVersion = Map.copyOf(fraudByVersion);
    }

    /** The golden sample that versions 1 and 2 differ most on. */
    static Example mostTelling(Path family) throws IOException {
        JsonNode first = Json.MAPPER.readTree(Files.readAllBytes(family.resolve("v1.samples.json")));
        JsonNode second = Json.MAPPER.readTree(Files.readAllBytes(family.resolve("v2.samples.json")));
        int best = -1;
        double widest = 0;
        for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
            boolean sameSingleRow =
                    first.path(i).path("inputs").equals(second.path(i).path("inputs"))
                            && probabilities(first.path(i)).size() == 2;
            double gap = Math.abs(fraud(first.path(i)) - fraud(second.path(i)));
            if (sameSingleRow && gap > widest) {
                best = i;
                widest = gap;
            }
        }
        if (best < 0) {
            throw new IOException("the golden samples in " + family + " do not tell version 1 from 2");
        }
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.set("inputs", first.path(best).path("inputs"));
        return new Example(
                Json.MAPPER.writeValueAsBytes(body),
                Map.of("1", fraud(first.path(best)), "2", fraud(second.path(best))));
    }

    /** The probability of fraud in an answer or a golden sample. */
    static double fraud(JsonNode answer) {
        return probabilities(answer).path(1).asDouble(Double.NaN);
    }

    boolean isRight(String version, double fraud) {
        Double expected = fraudByVersion.get(version);
        return expected != null && Math.abs(expected - fraud) < TOLERANCE;
    }

    private static JsonNode probabilities(JsonNode answer) {
        for (JsonNode output : answer.path("outputs")) {
            if (output.path("name").asString("").equals("probabilities")) {
                return output.path("data");
            }
        }
        return Json.MAPPER.missingNode();
    }
}
