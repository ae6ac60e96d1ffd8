package dev.teal.gateway.route.domain;

import dev.teal.protocol.cell.CellState;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.InferenceKey;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a request is routed by: built whole from one state document and never changed, so no request sees half a change.
 *
 * @param keys by their public part
 */
public record RouteTable(long revision, Map<String, Endpoint> endpoints, Map<String, InferenceKey> keys) {
    public static final RouteTable EMPTY = new RouteTable(0, Map.of(), Map.of());

    public RouteTable {
        endpoints = Map.copyOf(endpoints);
        keys = Map.copyOf(keys);
    }

    public static RouteTable of(CellState state) {
        Map<String, Endpoint> endpoints = new HashMap<>();
        for (EndpointState endpoint : state.endpoints()) {
            endpoints.put(endpoint.name(), Endpoint.of(endpoint));
        }
        Map<String, InferenceKey> keys = new HashMap<>();
        state.inferenceKeys().forEach(key -> keys.put(key.id(), key));
        return new RouteTable(state.revision(), endpoints, keys);
    }

    public @Nullable Endpoint endpoint(String name) {
        return endpoints.get(name);
    }
}
