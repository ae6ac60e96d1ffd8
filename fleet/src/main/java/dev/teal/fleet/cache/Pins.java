package dev.teal.fleet.cache;

import dev.teal.protocol.cell.CellState;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.EnvironmentState;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the state document names: digests and where to fetch them. */
record Pins(Map<String, String> sources) {

    static final Pins NONE = new Pins(Map.of());

    Pins {
        sources = Map.copyOf(sources);
    }

    static Pins of(CellState state) {
        Map<String, String> sources = new LinkedHashMap<>();
        for (EndpointState endpoint : state.endpoints()) {
            endpoint.environments().forEach(environment -> add(environment, sources));
        }
        return new Pins(sources);
    }

    private static void add(EnvironmentState environment, Map<String, String> sources) {
        sources.put(environment.digest(), environment.artifactPath());
        if (environment.samplesDigest() != null && environment.samplesPath() != null) {
            sources.put(environment.samplesDigest(), environment.samplesPath());
        }
    }
}
