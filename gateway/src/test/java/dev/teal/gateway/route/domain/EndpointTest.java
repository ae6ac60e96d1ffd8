package dev.teal.gateway.route.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.gateway.fake.States;
import dev.teal.gateway.route.domain.Endpoint.Pick;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.Route;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class EndpointTest {
    private static final RandomGenerator RANDOM = new Random(4711);

    private static Endpoint with(Route route) {
        EndpointState both = States.both("fraud", 1, Color.BLUE);
        return Endpoint.of(new EndpointState("fraud", 1, route, null, States.LIMITS, both.blue(), both.green()));
    }

    private static Color pickedBy(Endpoint endpoint) {
        return ((Pick.To) endpoint.pick(null, null, RANDOM)).environment().color();
    }

    @Test
    void sharesAreHonoured() {
        Endpoint endpoint = with(new Route(30, 70, null));

        long blue = RANDOM.ints(10_000)
                .filter(_ -> pickedBy(endpoint) == Color.BLUE)
                .count();

        assertThat(blue).isBetween(2_800L, 3_200L);
    }

    @Test
    void allToOneColorIsAllToOneColor() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(pickedBy(with(Route.allTo(Color.BLUE)))).isEqualTo(Color.BLUE);
            assertThat(pickedBy(with(Route.allTo(Color.GREEN)))).isEqualTo(Color.GREEN);
        }
    }

    @Test
    void whatIsAskedForByNameIsNotLiveTraffic() {
        Endpoint endpoint = with(Route.allTo(Color.BLUE));

        assertThat(endpoint.pick(null, null, RANDOM))
                .isInstanceOfSatisfying(
                        Pick.To.class, to -> assertThat(to.live()).isTrue());
        assertThat(endpoint.pick(Color.GREEN, null, RANDOM))
                .isInstanceOfSatisfying(
                        Pick.To.class, to -> assertThat(to.live()).isFalse());
        assertThat(endpoint.pick(null, "2", RANDOM)).isInstanceOfSatisfying(Pick.To.class, to -> {
            assertThat(to.live()).isFalse();
            assertThat(to.environment().color()).isEqualTo(Color.GREEN);
        });
        assertThat(endpoint.pick(Color.BLUE, "2", RANDOM)).isInstanceOf(Pick.NoSuchVersion.class);
    }

    @Test
    void whereNothingIsLiveNothingIsPicked() {
        assertThat(with(Route.NOWHERE).pick(null, null, RANDOM)).isInstanceOf(Pick.NothingLive.class);
    }

    @Test
    void namesAreEncodedForTheWorker() {
        EndpointState odd = States.blueOnly("a b/ä", 1, States.LIMITS);

        assertThat(Endpoint.of(odd).inferPath()).isEqualTo("/v2/models/a%20b%2F%C3%A4/infer");
    }
}
