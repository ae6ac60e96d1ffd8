package dev.teal.gateway.fake;

import dev.teal.protocol.Color;
import dev.teal.protocol.cell.Digests;
import dev.teal.protocol.cell.EndpointLimits;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.EnvironmentState;
import dev.teal.protocol.cell.NextRoute;
import dev.teal.protocol.cell.Route;
import dev.teal.protocol.cell.RuntimeSettings;
import dev.teal.protocol.cell.Scaling;
import dev.teal.protocol.oip.Datatype;
import dev.teal.protocol.oip.ModelSignature;
import dev.teal.protocol.oip.TensorSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** State documents' entries for tests. */
public final class States {
    public static final EndpointLimits LIMITS = new EndpointLimits(20_000, 1_000_000, false);
    private static final ModelSignature SIGNATURE = new ModelSignature(
            List.of(new TensorSpec("input", Datatype.FP32, List.of(-1L, 30L))),
            List.of(new TensorSpec("label", Datatype.INT64, List.of(-1L))),
            17);

    private States() {}

    public static String digest(String version) {
        return Digests.of("version " + version);
    }

    public static String environmentId(String endpoint, Color color) {
        return endpoint + "-" + color.lowerCase();
    }

    public static EnvironmentState environment(String endpoint, Color color, String version, EnvironmentPhase phase) {
        return new EnvironmentState(
                environmentId(endpoint, color),
                color,
                phase,
                endpoint,
                version,
                digest(version),
                1_000,
                "/artifact",
                null,
                null,
                SIGNATURE,
                new RuntimeSettings(1, 2),
                new Scaling(0, 4, 60_000),
                null);
    }

    /** Version 1 in blue, version 2 in green, all live traffic to one of them. */
    public static EndpointState both(String endpoint, long generation, Color live) {
        return new EndpointState(
                endpoint,
                generation,
                Route.allTo(live),
                null,
                LIMITS,
                environment(endpoint, Color.BLUE, "1", EnvironmentPhase.ACTIVE),
                environment(endpoint, Color.GREEN, "2", EnvironmentPhase.READY));
    }

    public static EndpointState blueOnly(String endpoint, long generation, EndpointLimits limits) {
        return new EndpointState(
                endpoint,
                generation,
                Route.allTo(Color.BLUE),
                null,
                limits,
                environment(endpoint, Color.BLUE, "1", EnvironmentPhase.ACTIVE),
                null);
    }

    public static EndpointState withNext(EndpointState state, @Nullable NextRoute next) {
        return new EndpointState(
                state.name(), state.generation(), state.route(), next, state.limits(), state.blue(), state.green());
    }
}
