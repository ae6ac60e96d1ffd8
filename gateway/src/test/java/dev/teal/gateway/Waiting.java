package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.activation.Lane;
import dev.teal.gateway.activation.LaneKey;
import dev.teal.gateway.activation.Lanes;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import java.time.Duration;

/** Who waits in a gateway for the blue workers of its endpoints. */
record Waiting(GatewayFixture gateway) {
    Lane lane(String endpoint) {
        return gateway.context()
                .getBean(Lanes.class)
                .lane(new LaneKey(endpoint, States.environmentId(endpoint, Color.BLUE), States.digest("1")));
    }

    /** Looks often: who comes next may have to come soon. */
    void untilQueued(String endpoint, int requests) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(LONG)
                .until(() -> lane(endpoint).demand().queued() == requests);
    }
}
