package dev.teal.worker.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.teal.protocol.oip.Schedule;
import org.junit.jupiter.api.Test;

class MetersTest {
    @Test
    void theLineOfAModelThatIsOpenedAnewTakesThePlaceOfTheOneBefore() {
        Served served = TestServed.of(10, 100);
        Meters meters = served.meters();
        RunQueue next = new RunQueue(10, 10, 100);
        assertThat(next.reserve(1)).isTrue();
        assertThat(next.offer(new Job(new FakeCall(1, Schedule.NONE), served, false, 0, () -> {}), 1))
                .isTrue();

        meters.watch(next);

        assertThat(meters.scrape()).containsPattern("worker_queue_depth\\{.*} 1\\.0");
    }
}
