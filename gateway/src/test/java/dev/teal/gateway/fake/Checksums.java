package dev.teal.gateway.fake;

import dev.teal.protocol.Json;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.cell.StateUpdate;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The checksum of a whole state document, written a second time from its description, so that the two are held against each other. */
final class Checksums {
    private Checksums() {}

    static String of(StateUpdate whole) {
        Map<String, String> lines = new TreeMap<>();
        for (JsonNode endpoint : whole.endpoints()) {
            String name = endpoint.path("name").asString("");
            lines.put(name, name + ' ' + Digests.of(sorted(endpoint).toString()) + '\n');
        }
        StringBuilder all = new StringBuilder();
        lines.values().forEach(all::append);
        whole.inferenceKeys().stream()
                .map(key -> key.id() + ' ' + key.secretDigest() + ' ' + key.expiresAt())
                .sorted()
                .forEach(line -> all.append(line).append('\n'));
        return Digests.of(all.toString());
    }

    private static JsonNode sorted(JsonNode node) {
        if (node.isObject()) {
            ObjectNode sorted = Json.MAPPER.createObjectNode();
            Map<String, JsonNode> fields = new TreeMap<>();
            node.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
            fields.forEach(sorted::set);
            return sorted;
        }
        if (node.isArray()) {
            var array = Json.MAPPER.createArrayNode();
            node.forEach(element -> array.add(sorted(element)));
            return array;
        }
        return node;
    }
}
