package dev.teal.platform.routing;

import dev.teal.protocol.Json;
import dev.teal.protocol.cell.CellState;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.InferenceKey;
import dev.teal.protocol.cell.StateUpdate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One region's state document at one revision, with what is needed to tell any older reader only what it lacks. Immutable. */
final class RegionState {
    private final CellState state;
    private final String checksum;
    private final Map<String, Changed> changed;

    /** @param sent null where the endpoint is gone */
    private record Changed(long revision, @Nullable JsonNode sent) {}

    private RegionState(CellState state, Map<String, Changed> changed) {
        this.state = state;
        this.checksum = state.checksum();
        this.changed = Map.copyOf(changed);
    }

    static RegionState empty(String region) {
        return new RegionState(CellState.empty(region), Map.of());
    }

    RegionState with(StateChange change) {
        Map<String, Changed> next = new HashMap<>(changed);
        List<JsonNode> sent = new ArrayList<>();
        for (EndpointState endpoint : change.endpoints()) {
            JsonNode node = Json.MAPPER.valueToTree(endpoint);
            sent.add(node);
            next.put(endpoint.name(), new Changed(change.revision(), node));
        }
        change.removed().forEach(name -> next.put(name, new Changed(change.revision(), null)));
        return new RegionState(state.change(change.revision(), sent, change.removed(), change.keys()), next);
    }

    long revision() {
        return state.revision();
    }

    String checksum() {
        return checksum;
    }

    /** By the environment's id. */
    Map<String, Placement> placements() {
        Map<String, Placement> placements = new HashMap<>();
        for (EndpointState endpoint : state.endpoints()) {
            endpoint.environments()
                    .forEach(environment ->
                            placements.put(environment.id(), new Placement(endpoint.name(), environment)));
        }
        return placements;
    }

    List<InferenceKey> keys() {
        return state.inferenceKeys();
    }

    /**
     * What a reader at {@code after} lacks. One that is ahead gets nothing: it would refuse to go back.
     *
     * @param after 0 for the whole
     */
    StateUpdate after(long after) {
        if (after == 0) {
            return new StateUpdate(
                    state.region(), 0, revision(), checksum, present(0), List.of(), state.inferenceKeys());
        }
        if (after >= revision()) {
            return new StateUpdate(state.region(), after, after, checksum, List.of(), List.of(), List.of());
        }
        Set<String> removed = new HashSet<>();
        changed.forEach((name, change) -> {
            if (change.revision() > after && change.sent() == null) {
                removed.add(name);
            }
        });
        return new StateUpdate(
                state.region(),
                after,
                revision(),
                checksum,
                present(after),
                List.copyOf(removed),
                state.inferenceKeys());
    }

    private List<JsonNode> present(long after) {
        List<JsonNode> present = new ArrayList<>();
        for (Changed change : changed.values()) {
            if (change.revision() > after && change.sent() != null) {
                present.add(change.sent());
            }
        }
        return present;
    }
}
