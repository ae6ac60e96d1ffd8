package dev.teal.protocol.cell;

import dev.teal.protocol.Color;
import dev.teal.protocol.Json;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** State documents for tests of every part that reads or writes them. */
public final class States {
    public static final String REGION = "local";
    private static final ModelSignature SIGNATURE = new ModelSignature(
            List.of(new TensorSpec("x", Datatype.FP32, List.of(-1L, 8L))),
            List.of(new TensorSpec("y", Datatype.FP32, List.of(-1L, 2L))),
            17);

    private States() {}

    /** An endpoint all of whose traffic goes to blue, version 1, with green empty. */
    public static EndpointState endpoint(String name, long generation) {
        return new EndpointState(
                name,
                generation,
                Route.allTo(Color.BLUE),
                null,
                new EndpointLimits(30_000, 1_000_000, false),
                environment(name, Color.BLUE, "1"),
                null);
    }

    public static EnvironmentState environment(String endpoint, Color color, String version) {
        String digest = Digests.of(version);
        return new EnvironmentState(
                endpoint + "-" + color.lowerCase(),
                color,
                color == Color.BLUE ? EnvironmentPhase.ACTIVE : EnvironmentPhase.LOADING,
                "model",
                version,
                digest,
                1_000,
                "/cell/v1/" + REGION + "/artifacts/" + digest,
                null,
                null,
                SIGNATURE,
                new RuntimeSettings(1, 2),
                new Scaling(0, 2, 60_000),
                null);
    }

    public static JsonNode json(EndpointState endpoint) {
        return Json.MAPPER.valueToTree(endpoint);
    }

    /** The update that brings {@code from} to these endpoints (added or replaced) at {@code revision}, with the right checksum. */
    public static StateUpdate update(CellState from, long revision, List<JsonNode> endpoints, List<String> removed) {
        String checksum =
                from.change(revision, endpoints, removed, from.inferenceKeys()).checksum();
        return new StateUpdate(
                from.region(), from.revision(), revision, checksum, endpoints, removed, from.inferenceKeys());
    }
}
