package dev.teal.worker.run;

import static dev.teal.worker.run.QueuedJobs.LONG;
import static dev.teal.worker.run.QueuedJobs.job;
import static dev.teal.worker.run.QueuedJobs.now;
import static dev.teal.worker.run.QueuedJobs.ofRows;
import static dev.teal.worker.run.QueuedJobs.offered;
import static dev.teal.worker.run.QueuedJobs.take;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** A line is bounded in rows, too, as far as they are known. */
class RunQueueRowsTest {
    @Test
    void rowsCountWhileTheyWait() throws Exception {
        RunQueue queue = new RunQueue(100, 10, 1_000);
        assertThat(offered(queue, 6)).isTrue();
        assertThat(offered(queue, 5)).as("eleven rows").isFalse();
        assertThat(offered(queue, 4)).isTrue();
        assertThat(queue.reserve(0))
                .as("known to be too many before its body comes")
                .isFalse();

        Job first = queue.poll(now());
        assertThat(queue.reserve(0)).isTrue();
        queue.cancel(0);
        queue.finished(first);

        assertThat(offered(queue, 6)).as("what was refused holds nothing").isTrue();
        assertThat(offered(queue, 1)).isFalse();
        assertThat(queue.poll(now())).isNotNull();
        assertThat(queue.poll(now())).isNotNull();
        assertThat(queue.poll(now())).isNull();
    }

    @Test
    void aRequestOfMoreRowsThanTheLineMayHaveComesInWhereItIsTheNext() throws Exception {
        RunQueue queue = new RunQueue(100, 10, 1_000);
        assertThat(offered(queue, 40)).isTrue();
        assertThat(offered(queue, 1)).isFalse();

        Job large = queue.poll(now());

        assertThat(large.rows()).isEqualTo(40);
        assertThat(offered(queue, 1)).as("it runs, and waits no more").isTrue();
        assertThat(offered(queue, 40)).as("somebody is before it").isFalse();
    }

    @Test
    void aThreadThatWaitsMakesRoomForALargeRequestToo() throws Exception {
        RunQueue queue = new RunQueue(100, 10, 1_000);
        List<Thread> idle = new ArrayList<>();
        ConcurrentLinkedQueue<Job> taken = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 2; i++) {
            idle.add(Thread.ofPlatform().start(() -> take(queue, taken)));
        }
        await().atMost(LONG).until(() -> idle.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));

        assertThat(offered(queue, 40)).isTrue();
        assertThat(offered(queue, 40)).isTrue();

        await().atMost(LONG).until(() -> taken.size() == 2);
        queue.close();
        for (Thread thread : idle) {
            thread.join();
        }
    }

    @Test
    void rowsAreCountedWhereTheModelHasSomeAndNeverMoreThanBytes() {
        assertThat(ofRows(7).rows()).isEqualTo(7);
        assertThat(ofRows(1L << 60).rows()).isEqualTo(50);
        assertThat(job(50).rows()).as("not seen").isOne();
    }
}
