package dev.teal.protocol.cell;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The state document as it travels: what changed after revision {@code after} ({@code 0}: the whole).
 *
 * @param revision the one global number that this brings the cell to
 * @param checksum of the whole state at {@code revision}, see {@link CellState#checksum()}
 * @param endpoints raw {@link EndpointState}s, each read and refused by itself
 * @param removed names of endpoints that are gone
 * @param inferenceKeys always the whole list
 */
public record StateUpdate(
        String region,
        long after,
        long revision,
        String checksum,
        List<JsonNode> endpoints,
        List<String> removed,
        List<InferenceKey> inferenceKeys) {
    public StateUpdate {
        endpoints = List.copyOf(endpoints);
        removed = List.copyOf(removed);
        inferenceKeys = List.copyOf(inferenceKeys);
    }

    public boolean whole() {
        return after == 0;
    }
}
