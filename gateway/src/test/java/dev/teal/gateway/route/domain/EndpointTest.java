package dev.teal.gateway.route.domain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.gateway.fake.States;
import dev.teal.gateway.route.domain.Endpoint.Availability;
import dev.teal.gateway.route.domain.Endpoint.Pick;
import dev.teal.protocol.Color;
import dev.teal.protocol.cell.EndpointState;
import dev.teal.protocol.cell.EnvironmentPhase;
import dev.teal.protocol.cell.Route;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "LOADING, LOADING",
        "READY, READY",
        "ACTIVE, READY",
        "STANDBY, READY",
        "DRAINING, UNAVAILABLE",
    })
    void aVersionIsAvailableWhereItsRequestsAreTaken(EnvironmentPhase phase, Availability expected) {
        Endpoint endpoint = Endpoint.of(new EndpointState(
                "fraud",
                1,
                Route.allTo(Color.BLUE),
                null,
                States.LIMITS,
                States.environment("fraud", Color.BLUE, "1", EnvironmentPhase.ACTIVE),
                States.environment("fraud", Color.GREEN, "2", phase)));

        assertThat(endpoint.availability("2")).contains(expected);
        assertThat(endpoint.availability("1")).contains(Availability.READY);
        assertThat(endpoint.availability("3")).isEmpty();
    }

    @Test
    void whatTakesLiveTrafficIsReadyWhateverItsPhaseAndOfTwoTheBetterCounts() {
        Endpoint endpoint = Endpoint.of(new EndpointState(
                "fraud",
                1,
                Route.allTo(Color.BLUE),
                null,
                States.LIMITS,
                States.environment("fraud", Color.BLUE, "1", EnvironmentPhase.LOADING),
                States.environment("fraud", Color.GREEN, "1", EnvironmentPhase.DRAINING)));

        assertThat(endpoint.availability("1")).contains(Availability.READY);
    }

    @Test
    void namesAreEncodedForTheWorker() {
        EndpointState odd = States.blueOnly("a b/ä", 1, States.LIMITS);

        assertThat(Endpoint.of(odd).inferPath()).isEqualTo("/v2/models/a%20b%2F%C3%A4/infer");
        assertThat(Endpoint.of(odd).statisticsPath()).isEqualTo("/v2/models/a%20b%2F%C3%A4/stats");
    }
}
