package dev.teal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** What must be true of a model's statistics whenever nothing is under way. */
final class Statistics {
    private Statistics() {}

    static long count(JsonNode statistics, String of) {
        return statistics.path("inference_stats").path(of).path("count").asLong();
    }

    /** Of requests that were all answered, by the model or from the cache, or failed before a run. */
    static void assertAddUp(JsonNode statistics) {
        long executions = 0;
        long rows = 0;
        for (JsonNode batch : statistics.path("batch_stats")) {
            long count = batch.path("compute_infer").path("count").asLong();
            executions += count;
            rows += count * batch.path("batch_size").asLong();
            assertThat(batch.path("compute_input").path("count").asLong()).isEqualTo(count);
            assertThat(batch.path("compute_output").path("count").asLong()).isEqualTo(count);
        }
        assertThat(statistics.path("execution_count").asLong()).as("runs").isEqualTo(executions);
        assertThat(statistics.path("inference_count").asLong()).as("rows").isEqualTo(rows);
        long computed = count(statistics, "success") - count(statistics, "cache_hit");
        assertThat(count(statistics, "queue")).as("queue").isEqualTo(count(statistics, "success"));
        for (String part : new String[] {"compute_input", "compute_infer", "compute_output"}) {
            assertThat(count(statistics, part)).as(part).isEqualTo(computed);
        }
    }

    /** Every number in it, by its path. */
    static Map<String, Long> numbers(JsonNode statistics) {
        Map<String, Long> numbers = new TreeMap<>();
        collect("", statistics, numbers);
        return numbers;
    }

    private static void collect(String path, JsonNode node, Map<String, Long> numbers) {
        if (node.isNumber()) {
            numbers.put(path, node.asLong());
        }
        if (node.isObject()) {
            String size = node.path("batch_size").asString("");
            node.properties().forEach(entry -> collect(path + "/" + size + entry.getKey(), entry.getValue(), numbers));
        }
        if (node.isArray()) {
            node.forEach(element -> collect(path, element, numbers));
        }
    }
}
