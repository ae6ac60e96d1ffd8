package dev.teal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.EndpointLimits;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.Route;

/** Endpoints in all their states, for what may be asked beside inference: no request may wake any. */
final class EndpointsAsleep {
    private EndpointsAsleep() {}

    static void start(GatewayFixture gateway) {
        gateway.controlPlane.publish(States.both("fraud", 7, Color.BLUE));
        gateway.controlPlane.publish(new EndpointState("coming", 0, Route.NOWHERE, null, States.LIMITS, null, null));
        gateway.controlPlane.publish(new EndpointState(
                "changing",
                3,
                Route.allTo(Color.GREEN),
                null,
                States.LIMITS,
                States.environment("changing", Color.BLUE, "3", EnvironmentPhase.LOADING),
                States.environment("changing", Color.GREEN, "2", EnvironmentPhase.ACTIVE)));
        gateway.controlPlane.publish(new EndpointState(
                "leaving",
                3,
                Route.allTo(Color.GREEN),
                null,
                States.LIMITS,
                States.environment("leaving", Color.BLUE, "1", EnvironmentPhase.DRAINING),
                States.environment("leaving", Color.GREEN, "2", EnvironmentPhase.ACTIVE)));
        gateway.controlPlane.publish(States.blueOnly("secret", 1, new EndpointLimits(20_000, 1_000, true)));
        gateway.start().inForce(gateway.controlPlane.publish(States.blueOnly("näme", 1, States.LIMITS)));
    }

    static void stop(GatewayFixture gateway) {
        try {
            assertThat(gateway.fleet.demands())
                    .allSatisfy(demand -> assertThat(demand.environments())
                            .allSatisfy(environment ->
                                    assertThat(environment.queued()).isZero()));
        } finally {
            gateway.close();
        }
    }
}
