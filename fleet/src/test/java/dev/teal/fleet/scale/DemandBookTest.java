package dev.teal.fleet.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.cell.Demand;
import dev.teal.protocol.cell.Demand.EnvironmentDemand;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DemandBookTest {

    private static final String DIGEST = "sha256:" + "a".repeat(64);

    private final AtomicLong seconds = new AtomicLong(100);
    private final DemandBook book = new DemandBook(
            Duration.ofSeconds(5),
            Duration.ofSeconds(60),
            () -> Duration.ofSeconds(seconds.get()).toNanos());

    private void hear(String gateway, String instance, long sequence, int inFlight, int queued, long requests) {
        book.hear(new Demand(
                gateway,
                instance,
                sequence,
                List.of(new EnvironmentDemand("e", DIGEST, inFlight, queued, 0, requests))));
    }

    private DemandBook.Known known() {
        return book.of("e", DIGEST, 0);
    }

    private static long nanos(long second) {
        return Duration.ofSeconds(second).toNanos();
    }

    @Test
    void givenNoGatewayNothingIsKnown() {
        assertThat(known().known()).isFalse();
        assertThat(known().concurrency()).isZero();
    }

    @Test
    void givenTwoGatewaysTheirDemandAddsUp() {
        hear("g1", "a", 1, 2, 3, 5);
        hear("g2", "b", 1, 1, 0, 1);

        assertThat(known()).isEqualTo(new DemandBook.Known(true, 6, nanos(100), nanos(100)));
        assertThat(book.of("e", "sha256:" + "b".repeat(64), 0).concurrency()).isZero();
    }

    @Test
    void givenOneGatewayFallsSilentDemandIsUnknownUntilItIsForgotten() {
        hear("g1", "a", 1, 2, 0, 5);
        seconds.set(104);
        hear("g2", "b", 1, 1, 0, 1);
        assertThat(known().known()).isTrue();

        seconds.set(106);
        assertThat(known().known()).isFalse();

        seconds.set(159);
        hear("g2", "b", 2, 1, 0, 1);
        seconds.set(161);
        assertThat(known().known()).isTrue();
        assertThat(known().concurrency()).isEqualTo(1);
    }

    @Test
    void givenALateReportItChangesNothing() {
        hear("g1", "a", 7, 2, 0, 5);
        hear("g1", "a", 6, 9, 9, 9);
        assertThat(known().concurrency()).isEqualTo(2);

        hear("g1", "b", 1, 4, 0, 0);
        assertThat(known().concurrency()).isEqualTo(4);
    }

    @Test
    void givenRequestsBetweenTwoReportsTheyCountAsWanted() {
        hear("g1", "a", 1, 1, 0, 5);
        seconds.set(101);
        hear("g1", "a", 2, 0, 0, 5);
        assertThat(known().wantedNanos()).isEqualTo(nanos(100));

        seconds.set(102);
        hear("g1", "a", 3, 0, 0, 6);
        assertThat(known().wantedNanos()).isEqualTo(nanos(102));

        seconds.set(103);
        book.hear(new Demand("g1", "a", 4, List.of()));
        assertThat(known().wantedNanos()).isEqualTo(nanos(102));
    }
}
